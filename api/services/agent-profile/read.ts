import {
  getAgentProfile as getCommand,
  listAgentProfiles as listCommand,
} from '../../commands/agent-profiles.ts'
import type { AgentProfile } from '../../core/entities/agent-profile.ts'
import { DomainError } from '../../core/errors.ts'
import { didYouMean, nearestOf } from '../../core/nearest.ts'
import { findProfile, listProfiles, lockProfile, profileCodes } from '../../store/agent-profiles.ts'
import type { Db } from '../../store/database.ts'
import { query } from '../query.ts'
import type { Work } from '../runtime.ts'

export const listAgentProfiles = query(listCommand, ({ db }, page) => listProfiles(db, page))

export const getAgentProfile = query(
  getCommand,
  async ({ db }, { agent_code }) =>
    (await findProfile(db, agent_code)) ?? (await unknownProfile(db, agent_code)),
)

export const lockKnownProfile = async ({ tx }: Work, code: string): Promise<AgentProfile> =>
  (await lockProfile(tx, code)) ?? (await unknownProfile(tx, code))

/** @throws DomainError `not_found` that names the nearest there are */
async function unknownProfile(db: Db, code: string): Promise<never> {
  const near = nearestOf(code, await profileCodes(db), 3)
  throw new DomainError(
    'not_found',
    'exists',
    `There is no agent profile ${code}.${didYouMean(near)}`,
  )
}
