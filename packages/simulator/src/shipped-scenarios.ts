/** Folder of this package's scenarios. Each scenario is a YAML file with the scenario's name. */
export const shippedScenariosFolder = new URL('../scenarios/', import.meta.url);
