# Test results: the feed, one report, one test over time.
results-heading = Test results
results-home = Home
results-record = Your record
results-intro = Results from your GP surgery, hospitals and mental health services, newest first.
results-empty = No test results are recorded. A test that was made elsewhere, or long ago, may not be here.
results-not-here = Some results take days to weeks. If one that you wait for is not here, ask whoever asked for the test.
results-from-surgery = GP surgery
results-from-hospital = Hospital
results-from-mental-health = Mental health
results-from-unknown = Not recorded

# Values.
results-no-value = No result
results-above = above the usual range
results-below = below the usual range
results-outside = outside what is usual
results-far-out = far from usual
results-within = within the usual range
results-count = { $count ->
    [one] 1 value, not marked as outside what is usual.
   *[other] { $count } values, none marked as outside what is usual.
 }
results-count-outside = { $count ->
    [one] 1 value, outside what is usual:
   *[other] { $outside } of { $count } values outside what is usual:
 }
results-range = Usual range that came with it: { $range }
results-no-range = No usual range came with it.
results-your-values = Your values
results-over-time = { $name } over time

# Missing, early, not reviewed.
results-missing-heading = Part of this result is missing
results-missing = No result for { $name }.
results-missing-why = Why: { $why }.
results-unread = { $count ->
    [one] 1 value of this report is not here.
   *[other] { $count } values of this report are not here.
 }
results-not-reviewed = Not yet reviewed
results-not-reviewed-words = Nobody who treats you is recorded to have looked at this result yet. It may still be explained, followed up or changed. If you feel unwell, do not wait for it.
results-state-waiting = The result is not ready yet.
results-state-early = These are early results. They have not been checked and may change.
results-state-corrected = This result was corrected after it first came in.
results-state-cancelled = This test was cancelled. There will be no result.
results-state-unstated = Whether this result is final is not recorded.

# What happens next.
results-next = What happens next
results-whom = Whom to ask
results-far-heading = A value is far from usual
results-step-call = If nobody has spoken to you about it, call the people who treat you today. If you feel very unwell, call 111, or 999 in an emergency.
results-step-again = Ask whoever wanted the test whether it is still needed.
results-step-wait = The result will appear here when it is ready. You do not need to do anything. If it takes longer than you were told, ask.
results-step-missing = Ask whether the test has to be made again for the value that is missing.
results-step-they-look = Somebody who treats you will look at this result. They will be in touch if something needs to be done. If you have not heard within 2 weeks, ask.
results-step-discuss = Something is outside what is usual. That is common and often harmless. If nobody has explained it to you, ask.
results-step-questions = Nothing is marked as outside what is usual. Keep to what you agreed with the people who treat you, and ask if you have questions.
results-ask-both = Ask { $person }, { $place }.
results-ask-one = Ask { $who }.
results-ask-surgery = Ask your GP surgery.
results-call = Call { $phone }.
results-conclusion = What the report says

# About a report.
results-about = About this result
results-fact-from = From
results-fact-taken = Sample or test taken
results-fact-issued = Result sent
results-fact-review = Reviewed
results-review-by = Yes, by { $name }
results-review-done = Yes
results-review-not-yet = Not yet, as far as is recorded
results-review-unstated = Not recorded

# What a value can come from.
results-plain = In plain words: { $plain }.
results-no-words = We have no plain words for this test. Ask whoever wanted it what it is for.
results-means-within = Your value is within the usual range that came with it.
results-means-unsaid = Nobody said what is usual, so we do not say whether this is high or low.
results-means-outside = Your value is outside the usual range that came with it. Ask what that means for you.
results-means-far-out = Your value is far outside the usual range that came with it.
results-means-missing = There is no value. It does not mean that all is well: ask whether the test has to be made again.

# One test over time.
results-chart-usual = Usual range
results-chart-words = { $count } values from { $from } to { $to }. The lowest is { $least }, the highest { $most }, the newest { $newest } { $unit }.
results-chart-some = Values that are missing or in another unit are in the table and not in the chart.
results-chart-none = There is no chart: it needs at least 2 values in the same unit.
results-every-value = Every value
results-table = { $name }, newest first
results-column-date = Date
results-column-value = Your value
results-column-range = Usual range
results-column-by = Measured by
results-no-date = Date not recorded
results-range-not-given = Not given
results-laboratories-differ = Laboratories measure in different ways. A small change between two of them may mean nothing.

# Common tests: what each is about, and what values above and below the range can come from.
results-sodium = Sodium is a salt that keeps the balance of water in the body.
results-sodium-above = A higher level can come from drinking too little, or from losing water.
results-sodium-below = A lower level can come from some medicines such as water tablets, or from having too much water in the body.
results-potassium = Potassium is a salt that the heart and muscles need to work.
results-potassium-above = A higher level can come from kidneys that pass less of it, from some medicines, or from a sample that was kept too long.
results-potassium-below = A lower level can come from water tablets, vomiting or diarrhoea.
results-urea = Urea is a waste product that the kidneys take out of the blood.
results-urea-above = A higher level can come from drinking too little, or from kidneys that work more slowly.
results-urea-below = A lower level is common in pregnancy and in people who eat little protein. It is rarely a concern.
results-creatinine = Creatinine is a waste product of muscles. It shows how well the kidneys clean the blood.
results-creatinine-above = A higher level can come from kidneys that work more slowly, from drinking too little, or from large muscles.
results-creatinine-below = A lower level is common in people with smaller muscles. It is rarely a concern.
results-kidney = This shows how much blood the kidneys clean in a minute. A higher number is better.
results-kidney-above = A higher number than the range means that the kidneys clean the blood well.
results-kidney-below = A lower number can mean that the kidneys work more slowly. It falls a little with age.
results-haemoglobin = Haemoglobin carries oxygen around the body in red blood cells.
results-haemoglobin-above = A higher level can come from smoking, from drinking too little, or from living high above the sea.
results-haemoglobin-below = A lower level is called anaemia. Common causes are too little iron, bleeding, or a long illness.
results-white-cells = White blood cells fight infection.
results-white-cells-above = A higher number often comes with an infection or inflammation, or with steroid medicines.
results-white-cells-below = A lower number can come after a virus infection, or with some medicines. For some families it is usual.
results-platelets = Platelets are tiny cells that help the blood to clot.
results-platelets-above = A higher number can come with inflammation, after an operation, or with too little iron.
results-platelets-below = A lower number can come after a virus infection, with some medicines, or when the sample clumped.
results-cell-volume = This is the average size of red blood cells. It helps to find the cause of anaemia.
results-cell-volume-above = A larger size can come from too little vitamin B12 or folate, from alcohol, or from some medicines.
results-cell-volume-below = A smaller size often comes from too little iron. In some families it is usual.
results-inflammation = C-reactive protein rises when there is inflammation or infection somewhere in the body.
results-inflammation-above = A higher level says that there is inflammation or infection. It does not say where.
results-inflammation-below = A level below the range is what is hoped for: it speaks against inflammation.
results-hba1c = HbA1c shows the average blood sugar over the last 2 to 3 months.
results-hba1c-above = A higher level means that blood sugar has been higher than usual. From 48 mmol/mol doctors check for diabetes.
results-hba1c-below = A lower level can come with some kinds of anaemia, or with strong diabetes medicines.
results-glucose = Glucose is the sugar in the blood when the sample was taken.
results-glucose-above = A higher level is usual after a meal. It can also come with diabetes or steroid medicines.
results-glucose-below = A lower level can come from diabetes medicines, or from a long time without food.
results-cholesterol = Cholesterol is a fat in the blood. This is all of it, the helpful and the harmful kinds together.
results-cholesterol-above = A higher level can raise the risk of heart disease over the years. Food, families and some illnesses play a part.
results-cholesterol-below = A lower level is usual with statin medicines and is mostly not a concern.
results-hdl = HDL is the helpful kind of cholesterol. It carries fat away from the arteries.
results-hdl-above = A higher level of this kind is mostly a good sign for the heart.
results-hdl-below = A lower level of this kind can raise the risk of heart disease. Moving more and not smoking can raise it.
results-ldl = LDL is the kind of cholesterol that can build up in the arteries.
results-ldl-above = A higher level of this kind can raise the risk of heart disease over the years.
results-ldl-below = A lower level of this kind is what statin medicines aim for.
results-triglycerides = Triglycerides are a fat in the blood that comes mostly from food and alcohol.
results-triglycerides-above = A higher level is usual after a meal. It can also come with diabetes, more weight, or alcohol.
results-triglycerides-below = A lower level of this fat is mostly not a concern.
results-thyroid = This hormone tells the thyroid gland how hard to work. It shows whether the gland does too little or too much.
results-thyroid-above = A higher level can mean that the thyroid gland does too little, or that the dose of thyroid tablets is too small.
results-thyroid-below = A lower level can mean that the thyroid gland does too much, or that the dose of thyroid tablets is too large.
results-mood = This is the sum of 9 questions about mood, from 0 to 27. It helps to talk about how things are going. It is not a diagnosis.
results-mood-above = A higher sum means that more things were hard in the 2 weeks before. If you think of harming yourself, call 111 and choose the mental health option, or 999.
results-mood-below = A lower sum means that fewer things were hard in the 2 weeks before.
results-anxiety = This is the sum of 7 questions about worry, from 0 to 21. It helps to talk about how things are going. It is not a diagnosis.
results-anxiety-above = A higher sum means that worry was harder to bear in the 2 weeks before. Talk about it with the people who treat you.
results-anxiety-below = A lower sum means that there was less worry in the 2 weeks before.

# On the home page
results-matter-new = New result
results-matter-came = came in { $ago }.
results-matter-outside = { $count ->
    [one] came in { $ago }. 1 value is outside what is usual.
   *[other] came in { $ago }. { $count } values are outside what is usual.
  }
results-matter-missing = Part of it is missing.
results-matter-far-out = A value is far from usual.
results-matter-far-out-words = The result came in { $ago }. If nobody has spoken to you about it, call today.
