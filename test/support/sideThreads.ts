import type { SideThreadOptions } from '../../server/src/jobs/side/sideThread';
import { bundled } from './bundled';

/** The side thread as it is in the sources; the one of the build may be older. */
export const sideFromSource: SideThreadOptions = {
  get script(): string {
    return bundled('server/src/side.ts');
  },
};

/** A side thread that does something else than it is asked for; see `rogueSide.ts`. */
export const rogueSide: SideThreadOptions = {
  get script(): string {
    return bundled('test/support/rogueSide.ts');
  },
};
