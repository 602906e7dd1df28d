/** Folder of this package's scenarios: one YAML file each, named after the scenario. */
export const shippedScenariosFolder = new URL('../scenarios/', import.meta.url);
