import * as z from 'zod'
import { samplingRates } from '../../api/core/events/sampling.ts'
import { parseNetworks } from '../../api/core/webhooks/networks.ts'
import { keyOf } from '../../api/core/webhooks/signature.ts'
import { defaultDataDir } from '../postgres/data-dir.ts'

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback)
const flag = z.stringbool().default(true)
const networks = z.string().transform((text, context) => {
  try {
    return parseNetworks(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : '' })
    return z.NEVER
  }
})

const Settings = z.object({
  databaseUrl: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be like postgres://user@host/database')
    .optional(),
  dataDir: z.string().min(1),
  host: z.string().min(1).default('127.0.0.1'),
  port: port(8787),
  adminToken: z.string().min(16, 'must have 16 characters or more').optional(),
  webhookSecret: z
    .string()
    .min(16, 'must have 16 characters or more')
    .refine(canSign, 'must be base64 after "whsec_"')
    .optional(),
  sprintIntegration: flag,
  rateLimit: z.coerce.number().int().min(0).max(1_000_000).default(100),
  webhookAllowPrivate: networks.default([]),
  sampleEvents: samplingRates.optional(),
  windmillPort: port(8000),
  windmillBaseUrl: z.url().optional(),
  windmillToken: z.string().min(1).optional(),
  windmillWorkspace: z.string().min(1).default('devgodzilla'),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})
export type Settings = z.infer<typeof Settings>

/** Each setting's name in the environment; as an option it is the same in lower case with dashes. */
export const environmentNames: Record<keyof Settings, string> = {
  databaseUrl: 'DATABASE_URL',
  dataDir: 'DEVGODZILLA_DATA_DIR',
  host: 'DEVGODZILLA_HOST',
  port: 'DEVGODZILLA_PORT',
  adminToken: 'DEVGODZILLA_ADMIN_TOKEN',
  webhookSecret: 'DEVGODZILLA_WEBHOOK_SECRET',
  sprintIntegration: 'DEVGODZILLA_ENABLE_SPRINT_INTEGRATION',
  rateLimit: 'DEVGODZILLA_RATE_LIMIT',
  webhookAllowPrivate: 'DEVGODZILLA_WEBHOOK_ALLOW_PRIVATE',
  sampleEvents: 'DEVGODZILLA_SAMPLE_EVENTS',
  windmillPort: 'DEVGODZILLA_WINDMILL_PORT',
  windmillBaseUrl: 'WINDMILL_BASE_URL',
  windmillToken: 'WINDMILL_TOKEN',
  windmillWorkspace: 'WINDMILL_WORKSPACE',
  logLevel: 'DEVGODZILLA_LOG_LEVEL',
}

/** A setting that cannot be used; the message names it and the way out. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

function canSign(secret: string): boolean {
  try {
    return keyOf(secret).length > 0
  } catch {
    return false
  }
}

const loopback = ['127.0.0.1', '::1', 'localhost']

/**
 * Options first, then the environment, then defaults. An empty value counts as not set.
 * @throws SettingsError
 */
export function readSettings(
  options: Partial<Record<keyof Settings, string | undefined>>,
  env: NodeJS.ProcessEnv,
): Settings {
  const given = Object.fromEntries(
    Object.entries(environmentNames).map(([setting, name]) => [
      setting,
      options[setting as keyof Settings] || env[name] || undefined,
    ]),
  )
  given.dataDir ??= defaultDataDir(env, process.getuid?.())
  const parsed = Settings.safeParse(given)
  if (!parsed.success) {
    const told = parsed.error.issues.map((issue) => {
      const name = environmentNames[issue.path[0] as keyof Settings]
      return `${name}: ${issue.message}`
    })
    throw new SettingsError(told.join('\n'))
  }
  const settings = parsed.data
  if (!loopback.includes(settings.host) && settings.adminToken === undefined) {
    throw new SettingsError(
      `DEVGODZILLA_HOST: listening on ${settings.host} lets other machines in; set DEVGODZILLA_ADMIN_TOKEN to a secret of your own first.`,
    )
  }
  if (settings.windmillBaseUrl !== undefined && settings.windmillToken === undefined) {
    throw new SettingsError(
      'WINDMILL_TOKEN: a Windmill server needs a token; create one in its user settings.',
    )
  }
  return settings
}
