// The option of object schemas that reject unknown properties.

export const strict = { additionalProperties: false } as const
