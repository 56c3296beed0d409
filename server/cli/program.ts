// The command line `mailrig`: its commands, what they are told, and their exit codes.

import { Command, CommanderError } from 'commander';
import { addApiOptions } from './api.ts';
import type { ApiFlags } from './api.ts';
import { addExportOptions, exportMail } from './export.ts';
import type { ExportFlags } from './export.ts';
import { health } from './health.ts';
import { importMail } from './import.ts';
import { addSendOptions, send } from './send.ts';
import type { SendFlags } from './send.ts';
import { addSettings } from './setting-options.ts';
import { Failure } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { nearest } from '../base/nearest.ts';
import { ConfigError } from '../config.ts';
import { version } from '../version.ts';

const EXIT = { done: 0, failed: 1, misused: 2 } as const;

const SERVE_HELP = `
Every setting can also come from the environment or a file; a flag beats the environment, which beats the file:
  --smtp-port 2525             flag
  MAILRIG_SMTP_PORT=2525       environment
  smtpPort: 2525               mailrig.config.yaml, .yml or .json in this folder, or the one named by --config

Examples:
  $ mailrig                                        SMTP on port 1025, the web page on http://localhost:8025/
  $ mailrig --smtp-port 0 --http-port 0            any free ports; they are printed
  $ mailrig --host 0.0.0.0 --auth me:secret        for other machines, with a login
  $ mailrig send --to jo@shop.test --subject Hi    put a first message in

Put host localhost and port 1025 into the mail settings of your app; nothing leaves this machine.`;

const SEND_HELP = `
Examples:
  $ mailrig send                                                   one test message to a Mailrig on this machine
  $ mailrig send --to jo@shop.test --html @welcome.html --attach terms.pdf
  $ mailrig send --file problem.eml --to jo@shop.test
  $ mailrig send --to 'user{n}@shop.test' --count 1000 --rate 50/s --concurrency 10

Exit code: 0 all sent, 1 something was not, 2 wrong usage.`;

const IMPORT_HELP = `
Examples:
  $ mailrig import problem.eml inbox.mbox ~/Maildir          files and folders, also a zip or a folder that was exported
  $ mailrig import http://staging:8025/                      everything that another Mailrig has
  $ mailrig import 'http://staging:8025/v1/messages/export?format=zip&q=tag:keep'

What cannot be imported is listed with the reason, and the rest goes on.
Exit code: 0 all imported, 1 something was not, 2 wrong usage.`;

const EXPORT_HELP = `
The name says the format: mail.mbox, mail.zip, Maildir, or a folder of .eml files. A zip and a folder of .eml files have an
index with the envelope, the time of arrival and the marks, which an import reads; the bytes are exact in all of them.

Examples:
  $ mailrig export all.zip
  $ mailrig export orders.mbox --query 'subject:order is:starred'
  $ mailrig export ~/mail/Maildir --force`;

const HEALTH_HELP = `
It asks the port that flags, environment and file give, and answers with its exit code: 0 well, 1 not.`;

const withConfigFile = (command: Command): Command =>
  command.option('-c, --config <file>', 'settings file (mailrig.config.json, .yaml or .yml in this folder)');

export function program(terminal: Terminal): Command {
  const oneLine = (text: string): string =>
    text
      .trim()
      .replace(/^error: /, '')
      .replace(/\s*\n\s*/g, ' ');
  const root = new Command('mailrig')
    .description('A test rig for mail: catches every message your app sends and shows it live.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.replace(/\n$/, '')),
      writeErr: (text) => terminal.complain(text.replace(/\n$/, '')),
      outputError: (text, write) => write(`mailrig: ${oneLine(text)}`),
    });

  const serveBy = async (_flags: unknown, command: Command): Promise<void> => {
    const [stray] = command.args;
    if (stray !== undefined) {
      const close = nearest(
        stray,
        root.commands.map((known) => known.name()),
      );
      command.error(`unknown command '${stray}'${close === null ? '; see mailrig --help' : `; did you mean ${close}?`}`);
    }
    const { serve } = await import('./serve.ts');
    await serve(command.optsWithGlobals(), terminal);
  };
  // The flags stand on the program itself too, so that plain `mailrig --smtp-port 2525` serves.
  for (const command of [root, root.command('serve').description('start the server (what mailrig does without a command)')])
    addSettings(withConfigFile(command)).allowExcessArguments().addHelpText('after', SERVE_HELP).action(serveBy);

  addSendOptions(root.command('send').description('send one message, or a stream of them, to any SMTP server'))
    .addHelpText('after', SEND_HELP)
    .action((flags: SendFlags) => send(flags, terminal));

  addApiOptions(withConfigFile(root.command('import').description('bring mail from files, folders or another server into a running one')))
    .argument('<path...>', '.eml file, mbox file, zip, Maildir, folder of .eml files, or the URL of a Mailrig')
    .addHelpText('after', IMPORT_HELP)
    .action((paths: string[], flags: ApiFlags) => importMail(paths, flags, terminal));

  addApiOptions(
    addExportOptions(withConfigFile(root.command('export').description('write the mail of a running server into a file or folder'))),
  )
    .argument('<path>', 'what to write')
    .addHelpText('after', EXPORT_HELP)
    .action((path: string, flags: ExportFlags) => exportMail(path, flags, terminal));

  addSettings(withConfigFile(root.command('health').description('ask a running server whether it is well')), [
    'host',
    'httpPort',
    'basePath',
  ])
    .addHelpText('after', HEALTH_HELP)
    .action((flags: Record<string, unknown>) => health(flags, terminal));
  return root;
}

/** Runs one command line, without the names of node and script. @returns the exit code */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await program(terminal).parseAsync(args, { from: 'user' });
    return EXIT.done;
  } catch (error) {
    // Commander has already printed what it has to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.misused;
    for (const line of complaints(error)) terminal.complain(`mailrig: ${line}`);
    return error instanceof ConfigError ? EXIT.misused : EXIT.failed;
  }
}

// Errors of the system (no such file, connection refused) speak for themselves; anything else is a bug and shows its stack.
function complaints(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.problems;
  if (error instanceof Failure) return [error.message];
  if (error instanceof Error) return ['syscall' in error ? error.message : (error.stack ?? error.message)];
  return [String(error)];
}
