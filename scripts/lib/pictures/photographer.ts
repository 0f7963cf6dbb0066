import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import type { ThemeId, Workbench } from '../../../test/support/vscodeHost/workbench';
import { repositoryRoot } from '../paths';

/** In this order, so that a tour goes on in the dark theme that it began with. */
const themes: readonly ThemeId[] = ['light', 'high-contrast', 'dark'];
/** Pictures of the other themes are smaller, so that the repository stays small. */
const scaleOfOthers = 0.625;

interface Pose {
  /** Brings up what a change of theme closes, such as a menu. */
  readonly show?: (theme: ThemeId) => Promise<void>;
  /** Takes it away again. */
  readonly hide?: (theme: ThemeId) => Promise<void>;
}

/** Takes pictures of a workbench into the repository. */
export class Photographer {
  constructor(private readonly workbench: Workbench) {}

  /** The whole window in every theme: `docs/images/NAME-THEME.png`, the dark one in full size. */
  async takeInThemes(name: string, { show, hide }: Pose = {}): Promise<void> {
    for (const theme of themes) {
      await this.workbench.useTheme(theme);
      await show?.(theme);
      // Webviews get their colours after the workbench.
      await this.workbench.page.waitForTimeout(700);
      await this.take(await placeOf('docs/images', `${name}-${theme}`), theme === 'dark' ? 1 : scaleOfOthers);
      await hide?.(theme);
    }
  }

  /** A part of the window, for the walkthrough: `media/walkthrough/NAME.png`. */
  async takePart(
    name: string,
    part: Locator,
    size: { readonly width?: number; readonly height?: number } = {},
  ): Promise<void> {
    const box = await part.boundingBox();
    if (box === null) throw new Error(`${name} is not in sight`);
    const clip = {
      ...box,
      width: Math.min(box.width, size.width ?? box.width),
      height: Math.min(box.height, size.height ?? box.height),
    };
    await this.workbench.page.screenshot({ path: await placeOf('media/walkthrough', name), clip });
  }

  private async take(file: string, scale: number): Promise<void> {
    const { page } = this.workbench;
    const session = await page.context().newCDPSession(page);
    const clip = { x: 0, y: 0, ...page.viewportSize()!, scale };
    const { data } = await session.send('Page.captureScreenshot', { format: 'png', clip });
    await session.detach();
    await writeFile(file, Buffer.from(data, 'base64'));
  }
}

async function placeOf(folder: string, name: string): Promise<string> {
  const file = path.join(repositoryRoot, folder, `${name}.png`);
  await mkdir(path.dirname(file), { recursive: true });
  console.log(path.relative(repositoryRoot, file));
  return file;
}
