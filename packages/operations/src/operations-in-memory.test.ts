import { describeImports } from './import-entries.contract.ts';
import { describeKeyOperations } from './keys/keys.contract.ts';
import { describeRevocationOperations } from './revocations/revocations.contract.ts';
import { openInMemory } from './stores.fixture.ts';

describeKeyOperations('in memory', openInMemory);
describeRevocationOperations('in memory', openInMemory);
describeImports('in memory', openInMemory);
