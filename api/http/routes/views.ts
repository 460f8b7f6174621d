import { createView } from '../../services/view/create.ts'
import { deleteView } from '../../services/view/delete.ts'
import { listViews } from '../../services/view/list.ts'
import { updateView } from '../../services/view/update.ts'

export const views = [listViews, createView, updateView, deleteView]
