import type { Command } from 'commander'
import { bridge } from '../mcp/bridge.ts'

/** `devgodzilla mcp`, for its help: bin.mjs runs the bridge by itself, without the rest of the CLI. */
export function addMcp(program: Command): void {
  program
    .command('mcp')
    .description('serve agents over MCP on stdin and stdout, from a running DevGodzilla')
    .action(() => bridge(process.env, process.stdin, process.stdout))
}
