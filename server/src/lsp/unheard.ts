/** For messages that nobody needs to have heard: sending fails only where the connection is closed. */
export function unheard(sending: Promise<void>): void {
  sending.catch(() => undefined);
}
