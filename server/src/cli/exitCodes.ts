/** Exit codes of every command; see the command-line section of the user guide. */
export const exitCode = {
  /** Done; `scan`: nothing at or above `--fail-on`. */
  ok: 0,
  /** `scan`: findings at or above `--fail-on`. */
  findings: 1,
  /** Something could not be read, assessed or written as asked. */
  failed: 2,
  /** The command line was wrong (EX_USAGE). */
  usage: 64,
} as const;
