import * as vscode from 'vscode';
import { notify } from '../notify';
import { openSetting } from '../openSetting';
import { findNodeForTensorFlow, readNodeRuntime, runsTensorFlow, type NodeRuntime } from '../runtime/nodeRuntime';
import { isSetByWorkspace, setting } from '../settings';
import { findNpm, type NpmCommand } from './findNpm';
import { packagesFor, type TensorFlowPackage } from './packages';

/** What a person agreed to install. */
export interface Installation extends TensorFlowPackage {
  /** Node.js that it is installed for and will run on. */
  readonly runtime: NodeRuntime;
  readonly npm: NpmCommand;
}

const runtimeSetting = 'graphnad.server.runtime';

/**
 * Finds out what can be installed here, asks which, and says what that means.
 *
 * @param folder where it is put
 * @returns nothing where it cannot be installed, which is said, or a person does not want it
 */
export async function chooseInstallation(folder: string): Promise<Installation | undefined> {
  const packages = packagesFor(process.platform, process.arch);
  if (packages.length === 0) {
    refuse(`TensorFlow for Node.js does not exist for this system (${process.platform}, ${process.arch}).`);
    return undefined;
  }
  const runtime = await chooseRuntime();
  if (runtime === undefined) return undefined;
  const npm = findNpm(runtime.path);
  if (npm === undefined) {
    refuse(`npm was found neither beside ${runtime.path} nor on the PATH. It comes with Node.js.`);
    return undefined;
  }
  const chosen = packages.length === 1 ? packages[0] : await pick(packages);
  if (chosen === undefined || !(await agree(chosen, runtime, folder))) return undefined;
  return { ...chosen, runtime, npm };
}

/** The Node.js that a person named, else one from the search path; VS Code's own is too new for TensorFlow. */
async function chooseRuntime(): Promise<NodeRuntime | undefined> {
  const named = setting('server.runtime').trim();
  try {
    const runtime = named === '' ? await findNodeForTensorFlow() : await readNodeRuntime(named);
    if (runtime && runsTensorFlow(runtime)) return runtime;
    const found = runtime ? `${runtimeSetting} names Node.js ${runtime.version}` : 'there is none on the PATH';
    refuse(`TensorFlow for Node.js needs Node.js 20 or 22, and ${found}. Name one in the setting ${runtimeSetting}.`);
  } catch (error) {
    refuse(
      `The setting ${runtimeSetting} names no usable Node.js: ${String(error instanceof Error ? error.message : error)}.`,
    );
  }
  return undefined;
}

async function pick(packages: readonly TensorFlowPackage[]): Promise<TensorFlowPackage | undefined> {
  const items = packages.map((choice) => ({ ...choice, detail: `${choice.spec}: ${choice.sizes}` }));
  return vscode.window.showQuickPick(items, { title: 'Install the TensorFlow Backend', ignoreFocusOut: true });
}

async function agree({ spec, sizes }: TensorFlowPackage, runtime: NodeRuntime, folder: string): Promise<boolean> {
  const detail = [
    `Size: ${sizes}.`,
    `From: the npm registry that your npm is set to use; the package's install script then fetches the TensorFlow library from the TensorFlow project's storage at Google, and runs on this machine.`,
    `To: ${folder}. No project is changed.`,
    setting('server.runtime').trim() === runtime.path
      ? `It runs on ${runtime.path} (Node.js ${runtime.version}).`
      : `The setting ${runtimeSetting} ${isSetByWorkspace('server.runtime') ? 'of this workspace ' : ''}will name ${runtime.path} (Node.js ${runtime.version}), because TensorFlow does not run on newer ones such as that of VS Code.`,
    'Checks that run now start anew afterwards.',
  ].join('\n\n');
  const install = 'Install';
  return (await vscode.window.showInformationMessage(`Install ${spec}?`, { modal: true, detail }, install)) === install;
}

function refuse(text: string): void {
  void notify({ text, level: 'error' }, { 'Open Settings': () => openSetting('server.runtime') });
}
