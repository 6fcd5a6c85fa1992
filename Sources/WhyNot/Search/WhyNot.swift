import MeshModel
import TrafficEngine

/// Where a request was meant to go and did not, and what would bring it there.
package struct WhyNot {
    /// When the search ends.
    package struct Limits {
        /// So many changes of the manifests are tried.
        package var proofs = 240
        /// So many are tried even when the time is over.
        package var leastProofs = 0
        /// So many fixes are shown.
        package var fixes = 3
        /// So many changes of the request are tried.
        package var requests = 120
        /// Asked between two tries: whether the user has waited long enough.
        package var isOutOfTime: () -> Bool = { false }

        package init() {}
    }

    let requester: any Requester
    let state: MeshState
    /// `nil`: the manifests cannot be changed, as for a configuration dump.
    let mesh: EditableMesh?
    let goal: Goal
    var limits = Limits()
    /// The response flags that a running proxy logged for the request; what they mean is told then.
    package var observedFlags: String?

    package init(
        _ requester: any Requester, in state: MeshState, mesh: EditableMesh?, goal: Goal, limits: Limits = Limits()
    ) {
        self.requester = requester
        self.state = state
        self.mesh = mesh
        self.goal = goal
        self.limits = limits
    }

    /// Sends the request, and looks for what has to be changed when it does not go where it is meant to.
    package func answer() -> WhyNotAnswer {
        let attempt = requester.attempt([], in: state)
        var answer = WhyNotAnswer(goal: goal, attempt: attempt, isMet: goal.isMet(by: attempt))
        answer.request = requester.text([])
        if let context = RepairContext(attempt, goal: goal, in: state) {
            answer.attachments = Attachments(context).list
            answer.clinic = Clinic(context: context, observed: observedFlags).diagnosis
        }
        if answer.isMet { return answer }
        answer.requestFixes = RequestSearch(self, attempt).fixes
        guard mesh != nil else { return answer }
        var search = RepairSearch(self, attempt)
        search.run()
        answer.fixes = search.fixes
        answer.suspicion = search.suspicion
        answer.tried = search.tried
        answer.wasCut = search.wasCut
        return answer
    }
}

/// What was found.
package struct WhyNotAnswer: Sendable {
    package let goal: Goal
    package let attempt: Attempt
    /// It goes there already.
    package let isMet: Bool
    /// The request as the user would write it.
    package var request = ""
    /// Changes of the manifests that were tried and help, smallest first.
    package var fixes: [Fix] = []
    /// Changes of the request that were tried and help, smallest first.
    package var requestFixes: [RequestFix] = []
    /// The likeliest thing to be wrong where no change helped.
    package var suspicion: Proposal?
    /// The routes that name the host, and whether they are used.
    package var attachments: [Attachment] = []
    /// What the response flag means here.
    package var clinic: Diagnosis?
    package var tried = 0
    /// Not everything was tried: there was too much, or no time left.
    package var wasCut = false

    init(goal: Goal, attempt: Attempt, isMet: Bool) {
        self.goal = goal
        self.attempt = attempt
        self.isMet = isMet
    }
}

/// A change of the manifests that was tried: with it the request goes where it is meant to.
package struct Fix: Sendable {
    /// What is wrong and what is done about it; more than one only where they help together.
    package let proposals: [Proposal]
    /// What becomes of the request with it.
    package let attempt: Attempt
    /// The change as a patch of the files.
    package let patch: String
    /// The manifests with the change made.
    package let mesh: EditableMesh
    package let cost: Int
}

/// A change of the request that was tried.
package struct RequestFix: Sendable {
    package let changes: [RequestChange]
    /// The whole request, as the user would write it.
    package let text: String
    package let attempt: Attempt
    package let cost: Int
}
