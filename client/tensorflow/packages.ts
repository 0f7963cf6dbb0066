/** A package that runs the backend `tensorflow`. */
export interface TensorFlowPackage {
  /** Name and version, as npm takes them. */
  readonly spec: string;
  readonly label: string;
  readonly description: string;
  /** What is downloaded and what is kept, roughly. */
  readonly sizes: string;
}

const version = '4.22.0';

const cpu: TensorFlowPackage = {
  spec: `@tensorflow/tfjs-node@${version}`,
  label: 'TensorFlow on the CPU',
  description: 'runs everywhere',
  sizes: 'about 200 MB to download, 0.8 GB on disk',
};

const gpu: TensorFlowPackage = {
  spec: `@tensorflow/tfjs-node-gpu@${version}`,
  label: 'TensorFlow on an NVIDIA GPU',
  description: 'needs CUDA 11 and cuDNN 8 on this machine',
  sizes: 'about 600 MB to download, 1.8 GB on disk',
};

/** The packages there are for a system; none where TensorFlow for Node.js does not run at all. */
export function packagesFor(platform: NodeJS.Platform, architecture: string): readonly TensorFlowPackage[] {
  switch (`${platform} ${architecture}`) {
    case 'linux x64':
    case 'win32 x64':
      return [cpu, gpu];
    case 'linux arm64':
    case 'darwin x64':
    case 'darwin arm64':
      return [cpu];
    default:
      return [];
  }
}
