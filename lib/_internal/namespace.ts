/** The package itself, for what runs texts that name it, and is below the file that exports all. */
export const namespace: { torch: object } = { torch: {} };
