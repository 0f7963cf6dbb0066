import { checkModelFile } from '../checks/modelFile';
import { hdf5Mutator } from '../mutators/hdf5';
import { samples } from '../samples/files';
import type { FuzzTarget } from '../target';

export const target: FuzzTarget = {
  title: 'HDF5 and Keras 2',
  code: /^server\/src\/checkpoint\/(hdf5\/|keras\/(kerasHdf5|weights))/,
  seeds: () => [...samples('formats/hdf5', /\.h5$/), ...samples('formats/keras', /\.h5$/)],
  mutate: hdf5Mutator,
  run: (input) => checkModelFile(input),
};
