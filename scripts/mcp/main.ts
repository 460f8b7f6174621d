import { bridge } from './bridge.ts'

// Whoever started this is gone: nobody is left to tell.
process.stdout.on('error', () => process.exit(0))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0))

await bridge(process.env, process.stdin, process.stdout)
