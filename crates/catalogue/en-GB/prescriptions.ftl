# Prescriptions: ordering repeats, choosing a pharmacy, following an item, and the surgery's list.

# The list
prescriptions-heading = Prescriptions
prescriptions-home = Home
prescriptions-back = Back
prescriptions-order = Order repeat medicines
prescriptions-order-none = There is no repeat medicine that you can order today.
prescriptions-urgent = If you have run out of a medicine that you need now, call your surgery, ask at a pharmacy, or call { $number }. Do not wait for an answer here.
prescriptions-going = Where your prescriptions are
prescriptions-going-empty = No prescription is on its way at the moment.
prescriptions-past = Past prescriptions
prescriptions-past-empty = No prescriptions of the last 12 months are recorded.
prescriptions-past-show = Prescriptions that are finished
prescriptions-requests = Your requests
prescriptions-repeats = Your repeat medicines
prescriptions-repeats-empty = No repeat medicines are recorded. Ask your surgery if you think that is wrong.
prescriptions-pharmacy = Your pharmacy
prescriptions-pharmacy-none = You have not chosen a pharmacy. Without one, your surgery can give you a code to take to any pharmacy.
prescriptions-pharmacy-change = Choose your pharmacy
prescriptions-of = Prescription from { $day }
prescriptions-undated = Prescription without a date
prescriptions-asked = Request from { $moment }
prescriptions-asked-undated = Request without a date
prescriptions-last = Last ordered { $day }.
prescriptions-quantity = { $quantity } each time.
prescriptions-left = { $count ->
    [0] No orders left.
    [one] { $count } order left.
   *[other] { $count } orders left.
  }
prescriptions-review-near = Your review is due on { $day }. Book it with your surgery now, so that you do not run out.
prescriptions-now = You can order this now
prescriptions-not-now = You cannot order this now

# Why not
prescriptions-why-not-repeat = This is not a repeat medicine. If you need more, contact your surgery.
prescriptions-why-at-pharmacy = Your pharmacy has your repeats of this medicine. Ask there for the next one; you do not need to order it here.
prescriptions-why-stopped = This medicine has been stopped or paused. If you think you still need it, contact your surgery.
prescriptions-why-already = You asked for this on { $day }. Your surgery has not answered yet.
prescriptions-why-already-undated = You have asked for this already. Your surgery has not answered yet.
prescriptions-why-review = Your surgery needs to review this medicine with you first. The review was due on { $day }. Contact your surgery to book it.
prescriptions-why-review-undated = Your surgery needs to review this medicine with you first. Contact your surgery to book a review.
prescriptions-why-maximum = You have had this as often as your surgery allowed. Contact your surgery, which can renew it.
prescriptions-why-early = It is too early. You can order this from { $day }.
prescriptions-why-early-undated = It is too early. You should still have enough. Contact your surgery if you do not.
prescriptions-why-talk = Your surgery would like to talk to you before it prescribes this. Contact your surgery.
prescriptions-why-other = Your surgery did not prescribe this. Contact your surgery if you have questions.
prescriptions-why-said = Your surgery says: { $words }

# Ordering
prescriptions-start-before = What happens
prescriptions-start-choose = You choose the medicines that you need.
prescriptions-start-check = Your surgery checks your request.
prescriptions-start-send = If it approves, it sends the prescription to your pharmacy.
prescriptions-start-track = You can follow each medicine here until you have it.
prescriptions-start-now = Start now
prescriptions-choose = Which medicines do you need?
prescriptions-choose-hint = Select all that you need. Leave out what you still have enough of.
prescriptions-choose-none = You cannot order any of your repeat medicines today. The list says why, and what to do.
prescriptions-choose-error = Select at least one medicine
prescriptions-cannot = Medicines that you cannot order today
prescriptions-missing = A medicine that is not in the list is not one of your repeats. Contact your surgery about it.
prescriptions-continue = Continue
prescriptions-note = Is there anything your surgery should know?
prescriptions-note-hint = You can leave this empty. Do not use it for anything urgent. Up to { $count } characters.
prescriptions-note-error = Your note must be { $count } characters or fewer
prescriptions-where = Your pharmacy for this request
prescriptions-where-here = Your prescription will go to this pharmacy.
prescriptions-check = Check your request
prescriptions-check-medicines = Medicines
prescriptions-check-note = Note to your surgery
prescriptions-check-note-none = No note
prescriptions-check-pharmacy = Pharmacy
prescriptions-check-pharmacy-none = No pharmacy chosen
prescriptions-change = Change
prescriptions-change-medicines = medicines
prescriptions-change-note = note
prescriptions-change-pharmacy = pharmacy
prescriptions-send = Send request
prescriptions-nothing-ordered = None of these medicines can be ordered now
prescriptions-unknown = One of the medicines is no longer in your list. Select your medicines again
prescriptions-sent = Request sent
prescriptions-sent-part = Part of your request was sent
prescriptions-sent-to = Your surgery has your request for { $count ->
    [one] { $count } medicine.
   *[other] { $count } medicines.
  }
prescriptions-ordered = What you ordered
prescriptions-not-ordered = What was not ordered
prescriptions-next = What happens next
prescriptions-next-check = Your surgery checks your request. You will see its answer here.
prescriptions-next-send = What it approves goes to { $pharmacy }.
prescriptions-next-code = What it approves needs a pharmacy. Choose one now, or ask your surgery for a code that works in any pharmacy.
prescriptions-next-out = If you will run out before then, call your surgery.
prescriptions-follow = You can follow your request under { $prescriptions }.

# One prescription or request
prescriptions-prescriber = Prescriber
prescriptions-written = Written
prescriptions-number = Prescription number
prescriptions-number-words = If the pharmacy cannot find your prescription, show this number.
prescriptions-items = Medicines on this prescription
prescriptions-since = Since { $moment }
prescriptions-answer-waiting = Waiting for your surgery
prescriptions-answer-approved = Approved
prescriptions-answer-refused = Not ordered
prescriptions-your-note = Your note
prescriptions-request-for = Pharmacy

# The thirteen statuses: a name, and what to do
prescriptions-approved = Approved
prescriptions-approved-do = Your prescriber has approved this. No pharmacy has started on it yet. You do not need to do anything.
prescriptions-cancelled = Cancelled
prescriptions-cancelled-do = Your prescriber cancelled this. Contact your surgery if you do not know why.
prescriptions-with-pharmacy = With the pharmacy
prescriptions-with-pharmacy-do = The pharmacy is preparing it. Wait until it says that it is ready.
prescriptions-untracked = With the pharmacy
prescriptions-untracked-do = The pharmacy has it, but does not send updates. Ask the pharmacy when you can collect it.
prescriptions-remainder = Rest being prepared
prescriptions-remainder-do = You have some of it. The pharmacy is preparing the rest, and will tell you when to come back.
prescriptions-ready = Ready to collect
prescriptions-ready-do = Collect it from the pharmacy. Take the prescription number if somebody collects it for you.
prescriptions-ready-part = Part ready to collect
prescriptions-ready-part-do = You can collect some of it now. The pharmacy owes you the rest; ask when it will come.
prescriptions-dispatch = Ready to be sent
prescriptions-dispatch-do = The pharmacy has packed it and will send it to you.
prescriptions-dispatch-part = Part ready to be sent
prescriptions-dispatch-part-do = The pharmacy will send some of it now and the rest later.
prescriptions-dispatched = Sent to you
prescriptions-dispatched-do = It is on its way. Contact the pharmacy if it has not come within 3 days.
prescriptions-collected = Collected
prescriptions-collected-do = You have it. You do not need to do anything.
prescriptions-not-dispensed = Not supplied
prescriptions-not-dispensed-do = The pharmacy did not supply this. Ask the pharmacy why, or contact your surgery if you still need it.
prescriptions-unavailable = Tracking not available
prescriptions-unavailable-do = We cannot say where this is at the moment. Try again later, or ask your pharmacy.

# Pharmacies
prescriptions-find = Find a pharmacy
prescriptions-find-hint = Part of its name, its town, or its postcode
prescriptions-find-go = Search
prescriptions-find-empty = No pharmacy fits these words. Check the spelling, or try the town.
prescriptions-find-results = Pharmacies found
prescriptions-find-some = Pharmacies
prescriptions-use = Use this pharmacy
prescriptions-used = Your pharmacy now
prescriptions-none = Remove my choice of pharmacy
prescriptions-phone = Telephone { $number }
prescriptions-gone = That pharmacy is not in the list. Choose another one

# The surgery
prescriptions-queue = Prescription requests
prescriptions-queue-lede = Requests for repeat medicines from your patients, the oldest first.
prescriptions-queue-empty = No requests wait for you.
prescriptions-queue-patient = Patient
prescriptions-queue-born = Born
prescriptions-queue-asked = Asked
prescriptions-queue-medicines = Medicines
prescriptions-queue-note = With a note
prescriptions-case = Request of { $patient }
prescriptions-case-work = My work
prescriptions-case-number = NHS number
prescriptions-case-by = Asked by
prescriptions-case-issued = Last issued { $day }
prescriptions-case-review = review { $day }
prescriptions-case-left = { $count ->
    [one] { $count } issue left after this
   *[other] { $count } issues left after this
  }
prescriptions-case-choose = Medicines to answer
prescriptions-case-reason = If you refuse, why?
prescriptions-case-reason-hint = The patient reads this.
prescriptions-case-words = Words for the patient
prescriptions-case-words-hint = Needed for “another reason”. Up to { $count } characters.
prescriptions-case-approve = Approve and prescribe
prescriptions-case-refuse = Refuse
prescriptions-case-done = Answered
prescriptions-case-note = Note from the patient
prescriptions-case-nothing = Select at least one medicine to answer
prescriptions-case-no-reason = Select why you refuse
prescriptions-case-no-words = Write up to { $count } characters that the patient can read
prescriptions-case-raced = Somebody else has answered this request. It is shown as it is now
prescriptions-case-not-issuable = Cannot be issued any more: { $medicines }
prescriptions-reason-review = Needs a review first
prescriptions-reason-early = Too early
prescriptions-reason-stopped = Stopped
prescriptions-reason-talk = We need to talk to the patient first
prescriptions-reason-other = Another reason

# On the home page
prescriptions-matter-ready = Ready to collect:
prescriptions-matter-ready-at = { $count ->
    [one] 1 medicine at { $place }
   *[other] { $count } medicines at { $place }
  }
prescriptions-matter-ready-words = { $count ->
    [one] 1 medicine
   *[other] { $count } medicines
  }
prescriptions-matter-refused = Not prescribed:
prescriptions-matter-stopped = Not supplied, or cancelled:
prescriptions-matter-review = Medicines review
prescriptions-matter-review-soon = { $count ->
    [one] is due by { $day }, so that you can go on ordering 1 medicine.
   *[other] is due by { $day }, so that you can go on ordering { $count } medicines.
  }
prescriptions-matter-review-late = { $count ->
    [one] was due on { $day }. You cannot order 1 medicine until then.
   *[other] was due on { $day }. Some of { $count } medicines cannot be ordered before it.
  }
prescriptions-matter-review-book = Book a GP appointment
