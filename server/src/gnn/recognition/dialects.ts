import type { Dialect } from './dialect';
import { dglGat, dglGatv2 } from './dialects/dglGat';
import { dglGin } from './dialects/dglGin';
import { dglGraphConv } from './dialects/dglGraphConv';
import { dglSage, dglSagePool } from './dialects/dglSage';
import { ogbGcn, ogbGin } from './dialects/ogb';
import { ownGin } from './dialects/ownGin';
import { powerfulGnns } from './dialects/powerfulGnns';
import { pygGat } from './dialects/pygGat';
import { pygGatv2 } from './dialects/pygGatv2';
import { pygGcn } from './dialects/pygGcn';
import { pygGin } from './dialects/pygGin';
import { pygGraphConv } from './dialects/pygGraphConv';
import { pygSage } from './dialects/pygSage';

/** All dialects, in the order in which they are tried. */
export const dialects: readonly Dialect[] = [
  ogbGin,
  ogbGcn,
  powerfulGnns,
  dglGin,
  pygGin,
  dglGatv2,
  pygGatv2,
  dglGat,
  pygGat,
  dglSagePool,
  dglSage,
  pygGraphConv,
  pygSage,
  pygGcn,
  ownGin,
  dglGraphConv,
];
