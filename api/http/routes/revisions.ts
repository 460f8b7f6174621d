import {
  diffSprint,
  diffTask,
  sprintHistory,
  sprintRevision,
  taskHistory,
  taskRevision,
} from '../../services/revision/read.ts'
import { replayWork } from '../../services/revision/replay.ts'
import { rollBackSprint, rollBackTask } from '../../services/revision/roll-back.ts'
import { undoWork } from '../../services/revision/undo.ts'
import { verifyRevisions } from '../../services/revision/verify.ts'

export const revisions = [
  taskHistory,
  sprintHistory,
  taskRevision,
  sprintRevision,
  diffTask,
  diffSprint,
  rollBackTask,
  rollBackSprint,
  undoWork,
  replayWork,
  verifyRevisions,
]
