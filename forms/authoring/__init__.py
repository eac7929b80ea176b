"""What an author wrote, and every fault of it at once, each with file and line.

`files`: what is read of a folder, and no link followed. `notes`: what is worth saying of a definition without fault.
Nouns: source (YAML as plain data that remembers its lines), fault, written rule. `load` is the only module that
imports pydantic, and only when a definition is read from YAML.

Data: a folder of YAML -> `yaml_source` (scalars stay text, duplicate keys refused) -> structure by pydantic -> `mend`
(what can't be built is left out so that the rest can still be asked) -> `meaning`, `ids`, `written`, `rules`, `types`,
`analysis` (names, kinds, cycles of derivations, sense of reports) -> `forms.study.definition.Study`, or all faults.

A definition that comes from elsewhere is turned into the same source, so checks and faults come with it.
"""
