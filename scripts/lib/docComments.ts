/** Doc comments of source files, as plain text. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as ts from 'typescript';

/** What is said of a constant or an interface. */
export interface Described {
  readonly comment?: string;
  /** Of what it holds, by name; what has no comment is left out. */
  readonly members: ReadonlyMap<string, string>;
}

/** The comments on the interfaces of a file and on its constants that are object literals, by their names. */
export function docComments(file: string): Map<string, Described> {
  const source = ts.createSourceFile(path.basename(file), readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  return new Map(source.statements.flatMap((statement) => describedIn(statement, source)));
}

function describedIn(statement: ts.Statement, source: ts.SourceFile): [string, Described][] {
  const describe = (
    name: ts.Node,
    parts: Iterable<ts.ObjectLiteralElementLike | ts.TypeElement>,
  ): [string, Described] => {
    const members = [...parts].flatMap((part): [string, string][] => {
      const comment = commentOver(part);
      return part.name === undefined || comment === undefined ? [] : [[part.name.getText(source), comment]];
    });
    return [name.getText(source), { comment: commentOver(statement), members: new Map(members) }];
  };
  if (ts.isInterfaceDeclaration(statement)) return [describe(statement.name, statement.members)];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
    initializer && ts.isObjectLiteralExpression(initializer) ? [describe(name, initializer.properties)] : [],
  );
}

/** The text of the last comment, on one line. */
function commentOver(node: ts.Node): string | undefined {
  const comment = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1)?.comment;
  return ts.getTextOfJSDocComment(comment)?.replaceAll(/\s+/g, ' ').trim();
}
