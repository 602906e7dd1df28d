export { explainName } from './explain-name.ts';
export { lookAtFile } from './files/file-state.ts';
export { FileError } from './files/read-text-file.ts';
export { watchedFile, type WatchedFileClock } from './files/watched-file.ts';
export { packageVersion } from './package-version.ts';
export { parsePolicy, type ParsedPolicy } from './parse-policy.ts';
export { parseYaml, type FileFault, type ParsedYaml } from './parse-yaml.ts';
export { probedHosts, type ProbedHosts } from './probed-hosts.ts';
export type { Program } from './program.ts';
export { findChoiceFault, readSettings, type ReadSettings, type SettingsReader } from './read-settings.ts';
export { runProgram } from './run-program.ts';
export type { Environment, Setting, Settings, SettingValues } from './setting.ts';
export {
  decimal,
  logLevelSetting,
  portSetting,
  reporterTokenSetting,
  turnSecretModeSetting,
  turnSecretSettings,
  wholeNumber,
} from './setting-kinds.ts';
export {
  ParseThreadError,
  parsePolicyWithoutBlocking,
  parseRecordsWithoutBlocking,
} from './thread/parse-without-blocking.ts';
export { findMasterKeysFault, findTurnNodeFaults, turnNodeSettings } from './turn-node-settings.ts';
