import { gzipSync, deflateSync } from 'node:zlib';
import { maliciousCorpus } from '../../support/malicious/corpus';
import { systemCall } from '../../unit/checkpoint/pickleAssembler';
import { rawZip } from '../../unit/checkpoint/zipAssembler';
import { longestInput } from '../target';
import { samples, textInput } from './files';

/** Files of all formats, and such as are none. */
export function modelFileSamples(): Uint8Array[] {
  return [
    ...samples('pytorch', /\.(pt|pkl)$/),
    ...samples('formats/pytorch', /\.(pt|safetensors|bin)$/),
    ...samples('formats/numpy', /\.np[yz]$/),
    ...samples('formats/onnx', /\.onnx$/),
    ...samples('formats/keras', /\.(h5|keras)$/),
    ...samples('formats/tfjs', /\.json$/),
    ...samples('formats/pickle', /\.(pkl|joblib)$/),
    ...Object.values(maliciousCorpus)
      .flat()
      .map(({ bytes }) => Uint8Array.from(bytes))
      .filter(({ length }) => length <= longestInput),
    gzipSync(systemCall),
    deflateSync(systemCall),
    rawZip([{ name: 'inner.zip', data: rawZip([{ name: 'x.pkl', data: systemCall }]) }]),
    rawZip([{ name: 'x.pkl', data: systemCall, deflate: true }], { prefix: systemCall, suffix: 'x' }),
    textInput('7z\xbc\xaf\x27\x1c and more than a signature'),
    textInput('{"class_name": "Lambda", "config": {"function": ["4wEAAAA=", null, null]}}'),
  ];
}
