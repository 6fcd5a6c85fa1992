/// `type.matcher.v3.StringMatcher`.
package struct StringMatcher: Hashable, Sendable {
    package enum Pattern: Hashable, Sendable {
        case exact(String)
        case prefix(String)
        case suffix(String)
        case contains(String)
        /// RE2, matches the whole value.
        case safeRegex(String)
    }

    package var pattern: Pattern
    /// No effect on `safeRegex`.
    package var ignoreCase: Bool

    package init(_ pattern: Pattern, ignoreCase: Bool = false) {
        self.pattern = pattern
        self.ignoreCase = ignoreCase
    }
}

/// `config.route.v3.HeaderMatcher`.
package struct HeaderMatcher: Hashable, Sendable {
    package enum Test: Hashable, Sendable {
        /// `present_match: true`, also when no test is given; `false`: must be absent.
        case present(Bool)
        case string(StringMatcher)
        /// Signed, `start <= value < end`.
        case range(start: Int64, end: Int64)
    }

    package var name: String
    package var test: Test
    package var invertMatch: Bool
    package var treatMissingHeaderAsEmpty: Bool

    package init(name: String, test: Test, invertMatch: Bool = false, treatMissingHeaderAsEmpty: Bool = false) {
        self.name = name
        self.test = test
        self.invertMatch = invertMatch
        self.treatMissingHeaderAsEmpty = treatMissingHeaderAsEmpty
    }
}

/// `config.route.v3.QueryParameterMatcher`.
package struct QueryParameterMatcher: Hashable, Sendable {
    package enum Test: Hashable, Sendable {
        case present(Bool)
        case string(StringMatcher)
    }

    package var name: String
    package var test: Test

    package init(name: String, test: Test) {
        self.name = name
        self.test = test
    }
}

/// `type.matcher.v3.MetadataMatcher` on dynamic metadata, as istiod makes it for JWT claims.
package struct DynamicMetadataMatcher: Hashable, Sendable {
    package var filter: String
    package var path: [String]
    package var value: StringMatcher?
    /// The value is a list of which one element must match.
    package var isListMatch: Bool
    package var invert: Bool

    package init(filter: String, path: [String], value: StringMatcher?, isListMatch: Bool, invert: Bool) {
        self.filter = filter
        self.path = path
        self.value = value
        self.isListMatch = isListMatch
        self.invert = invert
    }
}

/// `type.v3.FractionalPercent`.
package struct FractionalPercent: Hashable, Sendable {
    package enum Denominator: String, Hashable, Sendable {
        case hundred = "HUNDRED"
        case tenThousand = "TEN_THOUSAND"
        case million = "MILLION"

        package var value: UInt64 {
            switch self {
            case .hundred: 100
            case .tenThousand: 10_000
            case .million: 1_000_000
            }
        }
    }

    package var numerator: UInt32
    package var denominator: Denominator

    package init(_ numerator: UInt32, _ denominator: Denominator = .hundred) {
        self.numerator = numerator
        self.denominator = denominator
    }
}

/// `type.matcher.v3.RegexMatchAndSubstitute`: RE2 and a rewrite with `\0` to `\9`.
package struct RegexRewrite: Hashable, Sendable {
    package var regex: String
    package var substitution: String

    package init(regex: String, substitution: String) {
        self.regex = regex
        self.substitution = substitution
    }
}
