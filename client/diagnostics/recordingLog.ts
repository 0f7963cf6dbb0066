import * as vscode from 'vscode';
import { RecentLines } from './recentLines';

/** Lines that Collect Diagnostics shows. */
const keptLines = 200;

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** A log channel whose last lines can be read back: VS Code gives no way to, and remote hosts may write no file. */
export class RecordingLog implements vscode.LogOutputChannel {
  private readonly recent = new RecentLines(keptLines);

  constructor(private readonly channel: vscode.LogOutputChannel) {}

  /** What was logged last, as far as the log level let it through. */
  get lines(): readonly string[] {
    return this.recent.all;
  }

  get name(): string {
    return this.channel.name;
  }

  get logLevel(): vscode.LogLevel {
    return this.channel.logLevel;
  }

  get onDidChangeLogLevel(): vscode.Event<vscode.LogLevel> {
    return this.channel.onDidChangeLogLevel;
  }

  trace(message: string, ...args: unknown[]): void {
    this.log('trace', vscode.LogLevel.Trace, message, args);
  }

  debug(message: string, ...args: unknown[]): void {
    this.log('debug', vscode.LogLevel.Debug, message, args);
  }

  info(message: string, ...args: unknown[]): void {
    this.log('info', vscode.LogLevel.Info, message, args);
  }

  warn(message: string, ...args: unknown[]): void {
    this.log('warn', vscode.LogLevel.Warning, message, args);
  }

  error(error: string | Error, ...args: unknown[]): void {
    this.record('error', vscode.LogLevel.Error, error instanceof Error ? (error.stack ?? error.message) : error, args);
    this.channel.error(error, ...args);
  }

  append(value: string): void {
    this.recent.add(value);
    this.channel.append(value);
  }

  appendLine(value: string): void {
    this.recent.add(value);
    this.channel.appendLine(value);
  }

  replace(value: string): void {
    this.recent.clear();
    this.recent.add(value);
    this.channel.replace(value);
  }

  clear(): void {
    this.recent.clear();
    this.channel.clear();
  }

  show(columnOrPreserveFocus?: vscode.ViewColumn | boolean, preserveFocus?: boolean): void {
    this.channel.show(typeof columnOrPreserveFocus === 'boolean' ? columnOrPreserveFocus : preserveFocus);
  }

  hide(): void {
    this.channel.hide();
  }

  dispose(): void {
    this.channel.dispose();
  }

  private log(name: Exclude<Level, 'error'>, level: vscode.LogLevel, message: string, args: unknown[]): void {
    this.record(name, level, message, args);
    this.channel[name](message, ...args);
  }

  private record(name: Level, level: vscode.LogLevel, message: string, args: readonly unknown[]): void {
    const { logLevel } = this.channel;
    if (logLevel === vscode.LogLevel.Off || level < logLevel) return;
    this.recent.add([`${new Date().toISOString()} [${name}] ${message}`, ...args.map(String)].join(' '));
  }
}
