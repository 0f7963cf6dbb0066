import { shellWord } from '../jobs/shellWord';
import { visible } from '../report/visible';

/** Characters of a command line that are shown where nobody has to repeat it. */
const mostCharacters = 300;

/** A command line to give again, quoted for a POSIX shell. */
export function wholeCommandText(command: readonly string[]): string {
  return visible(['graphnad', ...command.map(shellWord)].join(' '));
}

/** A command line as it is shown, which may name hundreds of files. */
export function commandText(command: readonly string[]): string {
  const text = wholeCommandText(command);
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters)} ...`;
}
