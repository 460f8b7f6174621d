import * as z from 'zod'
import { ApiToken, role, tokenState } from '../core/entities/access.ts'
import { idText, moment, name, text } from '../core/entities/fields.ts'
import { command, listOf, page } from './command.ts'

export const listTokens = command({
  name: 'token.list',
  summary: 'List tokens, without their secrets',
  scope: 'admin',
  method: 'get',
  path: '/tokens',
  query: z.object({ ...page, role: role.optional(), state: tokenState.optional() }),
  output: listOf(ApiToken),
})

export const createToken = command({
  name: 'token.create',
  summary: 'Create a token; its secret is shown once',
  scope: 'admin',
  method: 'post',
  path: '/tokens',
  status: 201,
  body: z.strictObject({
    name: name(200),
    role,
    service: z.boolean().default(false),
    expires_at: moment.nullish(),
  }),
  output: ApiToken.extend({
    secret: text()
      .nullable()
      .meta({ description: 'shown once: null where an Idempotency-Key is repeated' }),
  }).meta({ id: 'CreatedToken' }),
})

export const revokeToken = command({
  name: 'token.revoke',
  summary: 'Revoke a token',
  scope: 'admin',
  method: 'delete',
  path: '/tokens/:token_id',
  params: z.object({ token_id: idText }),
  output: ApiToken,
})
