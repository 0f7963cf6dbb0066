/** Everything that is fuzzed, by the name of its file in `targets/`. */

import type { FuzzTarget } from './target';
import { target as dataset } from './targets/dataset';
import { target as hdf5 } from './targets/hdf5';
import { target as ids } from './targets/ids';
import { target as inspector } from './targets/inspector';
import { target as keras } from './targets/keras';
import { target as manifest } from './targets/manifest';
import { target as npy } from './targets/npy';
import { target as npz } from './targets/npz';
import { target as ogb } from './targets/ogb';
import { target as onnx } from './targets/onnx';
import { target as payload } from './targets/payload';
import { target as pickle } from './targets/pickle';
import { target as plainPickle } from './targets/plainPickle';
import { target as pytorchLegacy } from './targets/pytorchLegacy';
import { target as pytorchTar } from './targets/pytorchTar';
import { target as pytorchZip } from './targets/pytorchZip';
import { target as receipt } from './targets/receipt';
import { target as recognition } from './targets/recognition';
import { target as safetensors } from './targets/safetensors';
import { target as sharded } from './targets/sharded';
import { target as sweep } from './targets/sweep';
import { target as tar } from './targets/tar';
import { target as tfjs } from './targets/tfjs';
import { target as torchscript } from './targets/torchscript';
import { target as trigger } from './targets/trigger';
import { target as zip } from './targets/zip';

export const targets: Readonly<Record<string, FuzzTarget>> = {
  pickle,
  sweep,
  payload,
  inspector,
  zip,
  tar,
  pytorchZip,
  pytorchLegacy,
  pytorchTar,
  torchscript,
  safetensors,
  sharded,
  npy,
  npz,
  plainPickle,
  onnx,
  hdf5,
  keras,
  tfjs,
  recognition,
  manifest,
  dataset,
  ogb,
  trigger,
  ids,
  receipt,
};
