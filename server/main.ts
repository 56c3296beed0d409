#!/usr/bin/env node
// The entry of the command `mailrig`.

import { run } from './cli/program.ts';
import { processTerminal } from './cli/terminal.ts';

const PATIENCE = 1000;

// Whoever reads our output may stop reading (`mailrig | head`): no reason to die, nobody is there to be told.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);

process.exitCode = await run(process.argv.slice(2), processTerminal());
// Nothing is left to do; what still holds the process then is somebody else's open socket.
setTimeout(() => process.exit(), PATIENCE).unref();
