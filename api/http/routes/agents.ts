import { getSessionContext, initAgent } from '../../services/agent/init.ts'
import { getAgentProfile, listAgentProfiles } from '../../services/agent-profile/read.ts'
import {
  createAgentProfile,
  deleteAgentProfile,
  updateAgentProfile,
} from '../../services/agent-profile/write.ts'
import { claimTask, releaseTask } from '../../services/claim/claim.ts'
import { nextTask } from '../../services/claim/next.ts'
import { putDocuments } from '../../services/document/put.ts'
import { getDocument, listDocuments, referredDocuments } from '../../services/document/read.ts'
import { answerQuestion } from '../../services/session/answer.ts'
import { endSession } from '../../services/session/end.ts'
import { handOffSession } from '../../services/session/handoff.ts'
import { beatSession } from '../../services/session/heartbeat.ts'
import { noteInSession } from '../../services/session/note.ts'
import { getSession, listSessions } from '../../services/session/read.ts'

export const agents = [
  initAgent,
  getSessionContext,
  listAgentProfiles,
  createAgentProfile,
  getAgentProfile,
  updateAgentProfile,
  deleteAgentProfile,
  putDocuments,
  listDocuments,
  referredDocuments,
  getDocument,
  listSessions,
  getSession,
  noteInSession,
  answerQuestion,
  beatSession,
  handOffSession,
  endSession,
  nextTask,
  claimTask,
  releaseTask,
]
