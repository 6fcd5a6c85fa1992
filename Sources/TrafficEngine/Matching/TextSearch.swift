/// A search for a regular expression anywhere in a text, without regard to case, for filters that people type: RE2, so that
/// no pattern takes more than linear time. `nil` when it is no expression.
package func textSearch(_ pattern: String) -> (@Sendable (String) -> Bool)? {
    guard Regex.compile(pattern).0 != nil, let search = Regex.compile("(?is).*(?:" + pattern + ").*").0 else {
        return nil
    }
    return { search.matchesAll($0) }
}
