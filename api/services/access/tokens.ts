import {
  createToken as createCommand,
  listTokens as listCommand,
  revokeToken as revokeCommand,
} from '../../commands/access.ts'
import type { InputOf } from '../../commands/command.ts'
import { found, invalid } from '../../core/errors.ts'
import { nowOf } from '../../store/database.ts'
import { insertToken, listTokens as list, revokeToken as revoke } from '../../store/tokens.ts'
import { mutation } from '../mutation.ts'
import { query } from '../query.ts'
import type { Work } from '../runtime.ts'
import { hashOf, newSecret } from './secrets.ts'

export const listTokens = query(listCommand, ({ db }, page) => list(db, page))

export const createToken = mutation(createCommand, create, {
  // A secret is shown once and kept nowhere.
  kept: (token) => ({ ...token, secret: null }),
})

async function create(work: Work, input: InputOf<typeof createCommand>) {
  if (input.expires_at && input.expires_at <= (await nowOf(work.tx))) {
    throw invalid('expires_at', 'expires_in_the_future', 'must lie in the future')
  }
  const secret = newSecret()
  const inserted = await insertToken(work.tx, {
    name: input.name,
    role: input.role,
    service: input.service,
    secret_hash: hashOf(secret),
    expires_at: input.expires_at ?? null,
  })
  const token = found(inserted, 'token', input.name)
  await work.record({
    type: 'token.created',
    entity_type: 'token',
    entity_id: token.id,
    project_id: null,
    payload: { name: token.name, role: token.role },
  })
  return { ...token, secret }
}

export const revokeToken = mutation(revokeCommand, async (work, { token_id }) => {
  const token = found(await revoke(work.tx, token_id), 'token', token_id)
  await work.record({
    type: 'token.revoked',
    entity_type: 'token',
    entity_id: token.id,
    project_id: null,
    payload: { name: token.name },
  })
  return token
})
