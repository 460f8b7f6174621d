import { checkDelegation } from '../../services/delegation/check.ts'
import { confirmDelegation } from '../../services/delegation/confirm.ts'
import {
  createSprintFromTemplate,
  createTaskFromTemplate,
} from '../../services/delegation/from-template.ts'
import {
  getDelegation,
  listDelegationFiles,
  listTemplates,
} from '../../services/delegation/read.ts'
import { syncDelegation } from '../../services/delegation/sync.ts'

export const delegation = [
  syncDelegation,
  confirmDelegation,
  checkDelegation,
  getDelegation,
  listDelegationFiles,
  listTemplates,
  createSprintFromTemplate,
  createTaskFromTemplate,
]
