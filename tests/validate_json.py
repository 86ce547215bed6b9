# SPDX-License-Identifier: Apache-2.0
# usage: validate_json.py SCHEMA FILE...     Says what of each file the JSON schema does not allow; exit 1 where anything is.
# Schemas write patterns in ECMA 262, whose \p{L} Python's own module re does not know.
import json
import sys

import jsonschema
import regex


def pattern(validator, wanted, instance, schema):
    if validator.is_type(instance, "string") and not regex.search(wanted, instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {wanted!r}")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    base = jsonschema.validators.validator_for(schema)
    base.check_schema(schema)
    checker = jsonschema.validators.extend(base, {"pattern": pattern})(schema)
    bad = 0
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as file:
            instance = json.load(file)
        for error in list(checker.iter_errors(instance))[:20]:
            bad += 1
            print(f"{path}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
    return 1 if bad else 0


sys.exit(main())
