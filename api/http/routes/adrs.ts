import { createAdr } from '../../services/adr/create.ts'
import { getAdr, listAdrs } from '../../services/adr/read.ts'
import { updateAdr } from '../../services/adr/update.ts'

export const adrs = [createAdr, listAdrs, getAdr, updateAdr]
