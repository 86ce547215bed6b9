// SPDX-License-Identifier: Apache-2.0
// What dockerfile-ast makes of Dockerfiles: a second opinion for tests/dockerfile_oracle_test.cpp.
// usage: node oracle.js FILE...: prints a JSON object a file: instructions with range, flags and raw arguments, all positions from 1.
"use strict";
const fs = require("fs");
const { DockerfileParser } = require("dockerfile-ast");
const { Instruction } = require("dockerfile-ast/lib/instruction");

const place = (position) => [position.line + 1, position.character + 1];

for (const file of process.argv.slice(2)) {
  const dockerfile = DockerfileParser.parse(fs.readFileSync(file, "utf8"));
  const instructions = dockerfile.getInstructions().map((instruction) => {
    const flags = instruction.getFlags ? instruction.getFlags() : [];
    const raw = Instruction.prototype.getRawArguments.call(instruction);
    return {
      keyword: instruction.getKeyword().toLowerCase(),
      at: place(instruction.getRange().start),
      end_line: instruction.getRange().end.line + 1,
      flags: flags.map((flag) => ({ name: flag.getName(), value: flag.getValue() || "", at: place(flag.getRange().start) })),
      words: raw.slice(flags.length).map((word) => ({ text: word.getValue(), at: place(word.getRange().start) })),
    };
  });
  console.log(JSON.stringify({ file, instructions }));
}
