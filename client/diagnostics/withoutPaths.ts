/** A folder, and what stands in its place. */
interface Replacement {
  /** All the ways in which its path is written: with the separators of the system, with slashes, as a URI. */
  readonly spellings: readonly string[];
  readonly name: string;
}

/**
 * Text without personal paths: those in workspace folders begin with the folder's name, and the home folder is `~`.
 *
 * @param workspaceFolders their names and paths
 * @param home path of the home folder
 */
export function withoutPaths(
  text: string,
  workspaceFolders: readonly { readonly name: string; readonly path: string }[],
  home: string,
): string {
  const folders = [...workspaceFolders, { name: '~', path: home }]
    .filter(({ path }) => path.length > 1)
    // A folder inside of another one goes first.
    .sort((a, b) => b.path.length - a.path.length);
  return folders.map(replacement).reduce(replaced, text);
}

function replacement({ name, path }: { readonly name: string; readonly path: string }): Replacement {
  const slashed = path.replace(/\\/g, '/');
  const encoded = slashed.split('/').map(encodeURIComponent).join('/');
  const uri = `file://${encoded.startsWith('/') ? '' : '/'}${encoded}`;
  const plainUri = uri.replace(/%3A/i, ':');
  return { name, spellings: [...new Set([uri, plainUri, path, slashed, path.replace(/\\/g, '\\\\')])] };
}

/** Paths of Windows are found however they are cased: logs lower the letter of the drive. */
function replaced(text: string, { spellings, name }: Replacement): string {
  const flags = /^[A-Za-z]:/.test(spellings[2] ?? '') ? 'gi' : 'g';
  return spellings.reduce((rest, spelling) => {
    const pattern = spelling.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    // Not where the name of the folder goes on: `/home/ann` does not begin `/home/anna`.
    return rest.replace(new RegExp(`${pattern}(?![\\w-])`, flags), () => name);
  }, text);
}
