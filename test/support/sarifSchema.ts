import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import type { Log } from 'sarif';

const schemaFile = path.resolve(__dirname, '../fixtures/sarif/sarif-schema-2.1.0.json');

/**
 * A check against the schema of OASIS that answers what is wrong with a log, a line each. Beyond the schema it refuses
 * indices that lead nowhere, which no schema can see.
 */
export function sarifChecker(): (log: unknown) => string[] {
  const ajv = new Ajv({
    allErrors: true,
    strictSchema: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
  });
  addFormats(ajv);
  const validate = ajv.compile<Log>(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);
  return (log) => {
    if (!validate(log)) return (validate.errors ?? []).map((error) => `${error.instancePath}: ${error.message}`);
    return log.runs.flatMap(brokenIndices);
  };
}

function brokenIndices({ tool, results = [], artifacts = [], logicalLocations = [] }: Log['runs'][number]): string[] {
  const wrong: string[] = [];
  results.forEach((result, i) => {
    if (tool.driver.rules?.[result.ruleIndex ?? -1]?.id !== result.ruleId) wrong.push(`results/${i}: ruleIndex`);
    for (const { physicalLocation, logicalLocations: logical = [] } of result.locations ?? []) {
      const { index = -1, uri } = physicalLocation?.artifactLocation ?? {};
      if (artifacts[index]?.location?.uri !== uri) wrong.push(`results/${i}: index of the artifact`);
      for (const { index: at = -1, fullyQualifiedName } of logical) {
        if (logicalLocations[at]?.fullyQualifiedName !== fullyQualifiedName)
          wrong.push(`results/${i}: index of the logical location`);
      }
    }
  });
  logicalLocations.forEach(({ parentIndex = -1 }, i) => {
    if (parentIndex >= i) wrong.push(`logicalLocations/${i}: parentIndex`);
  });
  return wrong;
}
