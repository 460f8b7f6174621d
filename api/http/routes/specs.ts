import { checkTasks } from '../../services/spec/check.ts'
import { createSpec } from '../../services/spec/create.ts'
import { deleteSpec } from '../../services/spec/delete.ts'
import { importSpecTasks } from '../../services/spec/import-verbs.ts'
import { previewImport } from '../../services/spec/preview.ts'
import { getSpec, listSpecs } from '../../services/spec/read.ts'
import { updateSpec } from '../../services/spec/update.ts'

export const specs = [
  listSpecs,
  createSpec,
  getSpec,
  updateSpec,
  deleteSpec,
  checkTasks,
  previewImport,
  importSpecTasks,
]
