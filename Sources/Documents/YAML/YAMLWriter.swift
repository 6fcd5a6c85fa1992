extension JSON {
    /// The value as `sigs.k8s.io/yaml` writes it: keys sorted, two blanks, dashes at the indent of their key, strings
    /// quoted only when they have to be; a newline at the end.
    package var yaml: String { text(indent: 2) + "\n" }
}
