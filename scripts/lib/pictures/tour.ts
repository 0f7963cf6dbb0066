/** The whole way through the product, with a picture at every stop. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import type { Workbench } from '../../../test/support/vscodeHost/workbench';
import { Photographer } from './photographer';

const model = 'backdoored.pt';
const purified = 'backdoored.purified.pt';
/** Milliseconds that a scan or a purification may take on a slow machine. */
const analysisLimit = 240_000;

/** A manifest with data that are not there, and a place where names are completed. */
const manifestText = `{
  // Clean data of all models that name none of their own.
  "data": { "folder": "data/MOLECULES", "features": "labels" },
  "models": [
    {
      "model": "models/backdoored.pt",
      "classNames": ["inactive", "active"],
      "purify": { "holdingRate": 0.03 }
    },
    { "model": "models/clean.pt", "data": { "folder": "data/MOLECULE" } },
    { "model": "models/" }
  ]
}
`;

/**
 * Walks through a workspace whose window has just been opened, in Restricted Mode.
 *
 * @param folder the workspace, as `makeTestWorkspace` makes it
 */
export async function takePictures(workbench: Workbench, folder: string): Promise<void> {
  const tour = new Tour(workbench, folder);
  await tour.restrictedMode();
  await tour.trust();
  await tour.models();
  await tour.problems();
  await tour.contextMenu();
  await tour.statusMenu();
  await tour.inspector();
  await tour.purification();
  await tour.attention();
  await tour.manifest();
  await tour.walkthrough();
}

class Tour {
  private readonly photographer: Photographer;

  constructor(
    private readonly workbench: Workbench,
    private readonly folder: string,
  ) {
    this.photographer = new Photographer(workbench);
  }

  async restrictedMode(): Promise<void> {
    await this.showModels();
    await this.modelRow('malicious.pt').getByText('Runs code when it is loaded').waitFor({ timeout: analysisLimit });
    await this.modelRow(model).getByText('only its code was looked at').waitFor({ timeout: analysisLimit });
    await this.modelRow('malicious.pt').click();
    await this.workbench.webview().getByText('It cannot be read as a checkpoint').waitFor();
    await this.photographer.takeInThemes('restricted-mode');
  }

  async trust(): Promise<void> {
    const { page } = this.workbench;
    await this.workbench.runCommand('Workspaces: Manage Workspace Trust');
    await page.getByRole('button', { name: 'Trust', exact: true }).click();
    await page.getByText('You trust this folder').waitFor();
    await page.locator('.monaco-modal-editor-block .codicon-close').first().click();
  }

  async models(): Promise<void> {
    await this.showModels();
    await this.modelRow(model)
      .getByText(/^(Likely|Possibly) backdoored toward class/)
      .waitFor({ timeout: analysisLimit });
    await this.modelRow('clean.pt').getByText('No sign of a backdoor found').waitFor({ timeout: analysisLimit });
    await this.setSideBarWidth(600);
    await this.modelRow(model).hover();
    await this.photographer.takePart('models', this.workbench.page.locator('.part.sidebar'), { height: 160 });
    await this.modelRow(model).getByRole('button', { name: 'Show Last Scan Report' }).click();
    await this.workbench.page.getByRole('tab', { name: /backdoored\.pt\.report\.txt/ }).waitFor();
    await this.setSideBarWidth(460);
    await this.photographer.takeInThemes('models', {
      show: async () => {
        await this.modelRow(model).hover();
        await this.workbench.page.locator('.workbench-hover').getByText('Show report').waitFor();
      },
      hide: () => this.workbench.page.mouse.move(900, 20),
    });
    await this.setSideBarWidth(300);
  }

  async problems(): Promise<void> {
    await this.showExplorer();
    await this.workbench.expand('models', model);
    await this.workbench.openProblems();
    await this.workbench.problem('GN201').first().waitFor();
    await this.workbench.problem('GN101').first().waitFor();
    await this.photographer.takeInThemes('problems');
    await this.photographer.takePart('problems', this.workbench.page.locator('.part.panel'), { width: 700 });
  }

  async contextMenu(): Promise<void> {
    await this.photographer.takeInThemes('menu', {
      show: async () => {
        await this.workbench.openContextMenu(model);
        await this.workbench.menuItem('Purify Model').hover();
      },
      hide: () => this.workbench.page.keyboard.press('Escape'),
    });
    await this.workbench.openContextMenu(model);
    await this.workbench.menuItem('Purify Model').hover();
    await this.photographer.takePart('menu', this.workbench.page.locator('.monaco-menu').first());
    await this.workbench.page.keyboard.press('Escape');
  }

  async statusMenu(): Promise<void> {
    await this.photographer.takeInThemes('status-menu', {
      show: async () => {
        await this.workbench.page
          .locator('.statusbar-item', { hasText: /^\W*GraphNAD( \d+)?$/ })
          .locator('a')
          .click();
        await this.workbench.quickPickRow('Restart Server').waitFor();
      },
      hide: () => this.workbench.page.keyboard.press('Escape'),
    });
  }

  async inspector(): Promise<void> {
    await this.workbench.closePanel();
    await this.workbench.runCommand('View: Close All Editors');
    await this.workbench.explorerRow(model).first().dblclick();
    const view = this.workbench.webview();
    await view.getByRole('heading', { level: 1, name: model }).waitFor();
    await view.locator('.histogram').first().waitFor();
    await this.photographer.takeInThemes('inspector');
    await this.photographer.takePart('inspector', this.workbench.page.locator('.part.editor'), { height: 560 });
  }

  async purification(): Promise<void> {
    const { page } = this.workbench;
    const panel = this.workbench.webview();
    await this.photographer.takeInThemes('progress', {
      // It is over sooner than themes change: each has a run of its own.
      show: async () => {
        await this.workbench.runCommand('View: Close All Editors');
        await this.startPurification();
        await panel.getByText('Student loss').waitFor({ timeout: analysisLimit });
      },
      hide: async (theme) => {
        if (theme === 'dark') return;
        await panel.locator('vscode-button', { hasText: 'Cancel' }).click();
        await panel.locator('vscode-button', { hasText: 'Run Again' }).waitFor();
        await this.workbench.dismissNotifications();
      },
    });
    await panel.getByRole('heading', { name: 'Before and after' }).waitFor({ timeout: analysisLimit });
    await this.workbench.notification(/ASR \d+%/).waitFor();
    await this.workbench.dismissNotifications();
    await this.photographer.takeInThemes('results');
    await this.photographer.takePart('results', page.locator('.part.editor'), { height: 640 });
  }

  async attention(): Promise<void> {
    const { page } = this.workbench;
    await this.workbench.chooseFromContextMenu(purified, 'Compare Attention');
    await this.workbench
      .quickPickRow(/^Graph \d+/)
      .first()
      .waitFor({ timeout: analysisLimit });
    await page.keyboard.press('Enter');
    await page.locator('.diff-editor, .monaco-diff-editor').first().waitFor();
    await this.workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await this.photographer.takeInThemes('attention-diff');
    await this.workbench.runCommand('Show Attention Picture');
    await this.workbench.webview().locator('.node').first().waitFor();
    await this.workbench.runCommand('View: Join All Editor Groups');
    await page.locator('.tab', { hasText: /: attention, graph/ }).click();
    await this.photographer.takeInThemes('attention-picture');
    await this.photographer.takePart('attention', page.locator('.part.editor'), { height: 670 });
    await this.workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  }

  async manifest(): Promise<void> {
    const { page } = this.workbench;
    await this.workbench.runCommand('View: Close All Editors');
    await writeFile(path.join(this.folder, 'graphnad.json'), manifestText);
    await this.workbench.explorerRow('graphnad.json').dblclick();
    await page.locator('.codelens-decoration').first().waitFor();
    await this.workbench.openProblems();
    await this.workbench.problem('graphnad.json').first().waitFor();
    const place = page.locator('.view-line', { hasText: '"models/"' });
    await this.photographer.takeInThemes('manifest', {
      show: async () => {
        await place.click();
        await page.keyboard.press('End');
        for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
        await page.keyboard.press('Control+Space');
        await page.locator('.suggest-widget .monaco-list-row').first().waitFor();
      },
      hide: () => page.keyboard.press('Escape'),
    });
    await this.photographer.takePart('manifest', page.locator('.part.editor'), { height: 400 });
    await this.workbench.closePanel();
  }

  async walkthrough(): Promise<void> {
    const { page } = this.workbench;
    await this.workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await this.workbench.runCommand('View: Close All Editors');
    await this.workbench.runCommand('GraphNAD: Open Walkthrough');
    const step = (title: RegExp): Promise<void> => page.getByRole('button', { name: title }).click();
    await this.photographer.takeInThemes('walkthrough', {
      // A change of theme draws the page of the first step beside another one.
      show: async () => {
        await step(/See every model's verdict/);
        await step(/Judge the result/);
        // The page of the step before may still be there, beside it.
        await this.workbench.webviewWith('the picture', (view) => view.getByRole('img', { name: 'The results panel' }));
      },
    });
  }

  private async startPurification(): Promise<void> {
    await this.workbench.chooseFromContextMenu(model, 'Purify Model');
    await this.workbench.quickPickRow('Fits the model').first().click();
    await this.workbench.page.getByText(`It is written beside ${model}`).waitFor();
    await this.workbench.page.keyboard.press('Enter');
  }

  private modelRow(text: string): Locator {
    return this.workbench.page
      .locator('[id="workbench.view.extension.graphnad"] .monaco-list-row')
      .filter({ hasText: text });
  }

  /** A click on the icon of a view that is shown would hide it. */
  private async showModels(): Promise<void> {
    if (await this.modelRow('malicious.pt').isVisible()) return;
    await this.workbench.page.getByRole('tab', { name: /^GraphNAD/ }).click();
    await this.modelRow('malicious.pt').waitFor();
  }

  private async showExplorer(): Promise<void> {
    if (await this.workbench.explorerRow('models').first().isVisible()) return;
    await this.workbench.page.getByRole('tab', { name: /^Explorer/ }).click();
    await this.workbench.explorerRow('models').first().waitFor();
  }

  private async setSideBarWidth(width: number): Promise<void> {
    const { page } = this.workbench;
    const bar = await page.locator('.part.sidebar').boundingBox();
    if (bar === null) throw new Error('the side bar is not in sight');
    await page.mouse.move(bar.x + bar.width, 600);
    await page.mouse.down();
    await page.mouse.move(bar.x + width, 600, { steps: 5 });
    await page.mouse.up();
  }
}
