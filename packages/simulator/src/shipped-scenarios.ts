/** Where the scenarios of this package lie, one YAML file each, named after the scenario. */
export const shippedScenariosFolder = new URL('../scenarios/', import.meta.url);
