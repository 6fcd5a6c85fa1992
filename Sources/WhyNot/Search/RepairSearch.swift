import EnvoyModel
import MeshModel
import TrafficEngine
import Translation

/// Tries changes of the manifests, the smallest first: each is applied, translated and decided again.
struct RepairSearch {
    private let question: WhyNot
    private let attempt: Attempt
    private(set) var fixes: [Fix] = []
    private(set) var suspicion: Proposal?
    private(set) var tried = 0
    private(set) var wasCut = false
    /// Changes that brought the request further, but not where it is meant to go.
    private var steps: [Step] = []
    private var seen: Set<String> = []

    private struct Step {
        let proposals: [Proposal]
        let mesh: EditableMesh
        let attempt: Attempt
        let state: MeshState
        var cost: Int { proposals.reduce(0) { $0 + $1.cost } }
    }

    /// So many first steps are gone on from.
    private static let breadth = 6
    /// So many of the apt ones come before all others.
    private static let firstTries = 16

    init(_ question: WhyNot, _ attempt: Attempt) {
        self.question = question
        self.attempt = attempt
    }

    mutating func run() {
        guard let mesh = question.mesh else { return }
        let start = Step(proposals: [], mesh: mesh, attempt: attempt, state: question.state)
        let (apt, all) = proposals(from: start)
        // In a large mesh there is time for a few: those that the failure itself points at.
        for list in [Array(apt.prefix(Self.firstTries)), all] {
            for proposal in list {
                guard isWorthTrying(proposal.cost) else { break }
                attempt(proposal, after: start)
            }
        }
        if fixes.isEmpty { goOn() }
        fixes.sort { $0.cost < $1.cost }
        fixes = Array(fixes.prefix(question.limits.fixes))
    }

    /// Two changes that help together: from the first steps that led furthest.
    private mutating func goOn() {
        let first = steps.sorted {
            let (left, right) = ($0.attempt.outcome.progress, $1.attempt.outcome.progress)
            return left != right ? left > right : $0.cost < $1.cost
        }
        for step in first.prefix(Self.breadth) {
            for proposal in proposals(from: step).all {
                guard isWorthTrying(step.cost + proposal.cost) else { break }
                attempt(proposal, after: step)
            }
        }
    }

    /// All proposals, the smallest first; and those among them that put right what the outcome says is wrong.
    private mutating func proposals(from step: Step) -> (apt: [Proposal], all: [Proposal]) {
        guard let context = RepairContext(step.attempt, goal: question.goal, in: step.state) else { return ([], []) }
        let apt = Repair.apt(for: step.attempt.outcome)
        let all = Repair.all.flatMap { repair in
            let isApt = apt.contains(repair.name)
            return repair.propose(context).map { (proposal: $0, isApt: isApt) }
        }
        let sorted = all.enumerated().sorted {
            ($0.element.proposal.cost, $0.offset) < ($1.element.proposal.cost, $1.offset)
        }.map(\.element)
        if step.proposals.isEmpty { suspicion = sorted.first?.proposal }
        return (sorted.filter(\.isApt).map(\.proposal), sorted.map(\.proposal))
    }

    /// Whether a change of this size can still be among those that are shown.
    private mutating func isWorthTrying(_ cost: Int) -> Bool {
        let isEnough = tried >= question.limits.leastProofs || !fixes.isEmpty
        let isOver = isEnough && question.limits.isOutOfTime()
        if tried >= question.limits.proofs || isOver {
            wasCut = true
            return false
        }
        guard let best = fixes.map(\.cost).min() else { return true }
        return cost <= best + 8
    }

    private mutating func attempt(_ proposal: Proposal, after step: Step) {
        guard var mesh = step.mesh.applying(proposal.edits) else { return }
        let patch = mesh.patch
        guard !patch.isEmpty, seen.insert(patch).inserted else { return }
        tried += 1
        let state = mesh.state(after: step.state)
        let found = question.requester.attempt([], in: state)
        let proposals = step.proposals + [proposal]
        let cost = step.cost + proposal.cost
        if question.goal.isMet(by: found) {
            let lost = lostRoutes(in: state, proposals)
            let size = cost + 6 * min(lost, 5)
            fixes.append(Fix(proposals: proposals, attempt: found, patch: patch, mesh: mesh, cost: size))
        } else if step.proposals.isEmpty, found.outcome.progress > attempt.outcome.progress {
            if steps.allSatisfy({ $0.attempt.outcome.progress >= found.outcome.progress }) || suspicion == nil {
                suspicion = proposal
            }
            steps.append(Step(proposals: proposals, mesh: mesh, attempt: found, state: state))
        }
    }

    /// How many routes of the proxy are no longer there with a change: those it takes from others. A word that was mistyped
    /// served nobody.
    private func lostRoutes(in state: MeshState, _ proposals: [Proposal]) -> Int {
        guard proposals.contains(where: { $0.cost > 2 }), let proxy = attempt.proxy else { return 0 }
        let before = routes(question.state, proxy)
        return before.subtracting(routes(state, state.proxy(proxy))).count
    }

    private struct RouteKey: Hashable {
        let domain: String
        let match: RouteMatch
    }

    private func routes(_ state: MeshState, _ proxy: ProxyNode) -> Set<RouteKey> {
        var keys: Set<RouteKey> = []
        for configuration in state.configuration(of: proxy).xds.routes {
            for host in configuration.virtualHosts {
                guard let domain = host.domains.first else { continue }
                for route in host.routes { keys.insert(RouteKey(domain: domain, match: route.match)) }
            }
        }
        return keys
    }
}
