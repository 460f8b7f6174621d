/** Whether Windows keeps this name for a device, as it does whatever comes after a dot. */
export const isDevice = (name: string): boolean =>
  /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name)
