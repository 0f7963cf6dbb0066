import { fileURLToPath, pathToFileURL } from 'node:url';
import { ErrorCodes, ResponseError } from 'vscode-languageserver';

/** The URI of a file, spelled exactly as VS Code spells it: clients compare URIs as strings. */
export function toUri(path: string): string {
  const { hostname, pathname } = pathToFileURL(path);
  return `file://${hostname}${encodedPath(decodeURIComponent(pathname))}`;
}

/**
 * The path of a file.
 * @throws ResponseError for anything that is not on this machine's disk
 */
export function toPath(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch {
    throw new ResponseError(ErrorCodes.InvalidParams, `${uri} is not a file on disk, so it cannot be analysed`);
  }
}

/** The paths of those URIs that are files on disk; others, such as of virtual file systems, cannot be analysed. */
export function toPaths(uris: readonly string[]): string[] {
  return uris.flatMap((uri) => {
    try {
      return [toPath(uri)];
    } catch {
      return [];
    }
  });
}

/** Percent-encodes all but letters, digits and `-._~/`; the drive letter of Windows is small. */
export function encodedPath(path: string): string {
  return path
    .replace(/^\/[A-Z]:/, (drive) => drive.toLowerCase())
    .split('/')
    .map(encodedComponent)
    .join('/');
}

/** As `encodeURIComponent`, and the five marks it leaves alone, as VS Code does. */
export function encodedComponent(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
