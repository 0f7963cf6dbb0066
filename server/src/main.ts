import path from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serve } from './lsp/server';

// Over Node's IPC channel the end of the client shows here and nowhere else.
process.on('disconnect', () => process.exit(1));

serve(createConnection(ProposedFeatures.all), path.join(__dirname, 'worker.js'));
