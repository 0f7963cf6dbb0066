import { encodeElements } from '../dtypes';
import type { NewTensor } from '../newTensor';
import { requireConsistent } from '../newTensor';
import { PickleWriter } from '../pickle/writer';
import { contiguousStride, elementCount } from '../stridedView';
import type { NewZipEntry } from '../zip/writeZip';
import { writeZip } from '../zip/writeZip';
import { storageClass } from './globals';

/**
 * A PyTorch checkpoint: a bare OrderedDict of `tensors`, each with a storage of its own, that
 * `torch.load(weights_only=True)` reads (PyTorch 1.6 and later). Throws RangeError for inconsistent tensors.
 */
export function createPyTorchCheckpoint(tensors: readonly NewTensor[]): Uint8Array {
  requireConsistent(tensors);
  const text = (value: string) => new TextEncoder().encode(value);
  const entries: NewZipEntry[] = [
    { name: 'archive/data.pkl', data: stateDictPickle(tensors) },
    { name: 'archive/byteorder', data: text('little') },
    ...tensors.map((tensor, key) => ({
      name: `archive/data/${key}`,
      data: encodeElements(tensor.values, tensor.dtype),
    })),
    { name: 'archive/version', data: text('3\n') },
  ];
  return writeZip(entries);
}

/** The calls that `torch.save` records for a state dict, in protocol 2. */
function stateDictPickle(tensors: readonly NewTensor[]): Uint8Array {
  const writer = new PickleWriter();
  const emptyOrderedDict = () => writer.global('collections', 'OrderedDict').emptyTuple().reduce();
  emptyOrderedDict().mark();
  tensors.forEach(({ name, dtype, shape }, key) => {
    writer.text(name).global('torch._utils', '_rebuild_tensor_v2').mark();
    writer.mark().text('storage').global('torch', storageClass(dtype)).text(String(key)).text('cpu');
    writer.integer(elementCount(shape)).tuple().persistentId();
    writer.integer(0).integers(shape).integers(contiguousStride(shape)).boolean(false);
    emptyOrderedDict().tuple().reduce();
  });
  return writer.setItems().stop();
}
