/** Where the catalog's files are unless `--dir` or the environment says otherwise. */
export const defaultFolder = 'catalog';

/** What `--dir` says of itself where an environment may name the folder. */
export const dirHelp = `folder of the catalog's files (default: the environment's, then ${defaultFolder})`;
