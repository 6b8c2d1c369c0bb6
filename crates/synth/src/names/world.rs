//! Names common in families whose roots lie beyond Britain and Ireland.

pub(super) const MUSLIM_FAMILIES: &[&str] = &[
    "Khan",
    "Ahmed",
    "Hussain",
    "Ali",
    "Begum",
    "Mahmood",
    "Iqbal",
    "Malik",
    "Akhtar",
    "Hussein",
    "Rahman",
    "Chowdhury",
    "Miah",
    "Uddin",
    "Shah",
    "Mirza",
    "Butt",
    "Qureshi",
    "Siddiqui",
    "Bibi",
    "Islam",
    "Aslam",
    "Raza",
    "Rashid",
    "Sheikh",
    "Javed",
    "Nawaz",
    "Saleem",
    "Choudhury",
    "Haque",
];

pub(super) const MUSLIM_WOMEN: &[&str] = &[
    "Fatima", "Aisha", "Zainab", "Maryam", "Khadija", "Shazia", "Nasreen", "Saima", "Rukhsana", "Yasmin",
    "Sana", "Amina", "Hafsa", "Noor", "Farzana", "Shabana", "Parveen", "Samina", "Iqra", "Mehwish", "Rabia",
    "Nadia",
];

pub(super) const MUSLIM_MEN: &[&str] = &[
    "Mohammed", "Muhammad", "Imran", "Ahmed", "Ali", "Tariq", "Asif", "Hamza", "Usman", "Bilal", "Abdul",
    "Yusuf", "Zubair", "Shahid", "Khalid", "Faisal", "Nadeem", "Adeel", "Waqas", "Ibrahim", "Rehan",
    "Kamran",
];

pub(super) const INDIAN_FAMILIES: &[&str] = &[
    "Patel", "Singh", "Kaur", "Sharma", "Shah", "Gill", "Kumar", "Mistry", "Desai", "Joshi", "Nair",
    "Sandhu", "Dhillon", "Reddy", "Mehta", "Chauhan", "Verma", "Thomas", "Iyer", "Bains", "Rana", "Solanki",
    "Menon", "Parmar", "Bhatt",
];

pub(super) const INDIAN_WOMEN: &[&str] = &[
    "Priya", "Anjali", "Sunita", "Meera", "Kavita", "Harpreet", "Jaspreet", "Nisha", "Pooja", "Asha",
    "Rekha", "Manjit", "Simran", "Lakshmi", "Anita", "Geeta", "Diya", "Aanya", "Kiran", "Neha", "Sangita",
];

pub(super) const INDIAN_MEN: &[&str] = &[
    "Raj",
    "Amit",
    "Sanjay",
    "Harjit",
    "Gurpreet",
    "Rahul",
    "Vijay",
    "Arjun",
    "Anil",
    "Deepak",
    "Rohan",
    "Jasvinder",
    "Sunil",
    "Manoj",
    "Aarav",
    "Kiran",
    "Vikram",
    "Nikhil",
    "Rakesh",
    "Balbir",
    "Suresh",
];

pub(super) const AFRICAN_FAMILIES: &[&str] = &[
    "Okafor", "Mensah", "Adeyemi", "Boateng", "Osei", "Owusu", "Okonkwo", "Adebayo", "Asante", "Nwosu",
    "Eze", "Abubakar", "Okoro", "Appiah", "Balogun", "Chukwu", "Diallo", "Mohamed", "Hassan", "Abdi",
    "Tesfaye", "Moyo", "Ncube", "Banda", "Kamara", "Sesay",
];

pub(super) const AFRICAN_WOMEN: &[&str] = &[
    "Grace",
    "Blessing",
    "Ngozi",
    "Ama",
    "Abena",
    "Funmilayo",
    "Chioma",
    "Esther",
    "Amina",
    "Adwoa",
    "Folake",
    "Mercy",
    "Ifeoma",
    "Hodan",
    "Patience",
    "Tendai",
    "Akosua",
    "Temitope",
    "Fatou",
    "Zuri",
];

pub(super) const AFRICAN_MEN: &[&str] = &[
    "Emmanuel",
    "Kwame",
    "Samuel",
    "Chinedu",
    "Kofi",
    "Tunde",
    "Daniel",
    "Ibrahim",
    "Yaw",
    "Emeka",
    "Joseph",
    "Oluwaseun",
    "Abdi",
    "Kojo",
    "Tendai",
    "Babatunde",
    "Ifeanyi",
    "Moses",
    "Femi",
    "Mamadou",
];

pub(super) const CARIBBEAN_FAMILIES: &[&str] = &[
    "Campbell", "Brown", "Williams", "Johnson", "Clarke", "Francis", "Thomas", "Gordon", "Grant", "Lewis",
    "Morgan", "Reid", "Bailey", "Henry", "Edwards", "Thompson", "Samuels", "Powell", "Palmer", "Blake",
    "Wallace", "Barrett", "Joseph", "Charles", "Pierre", "Baptiste",
];

pub(super) const CHINESE_FAMILIES: &[&str] = &[
    "Wong", "Chan", "Li", "Chen", "Wang", "Zhang", "Liu", "Lam", "Cheung", "Lee", "Yang", "Huang", "Ng",
    "Leung", "Zhao", "Wu", "Zhou", "Lin", "Ho", "Xu",
];

pub(super) const CHINESE_WOMEN: &[&str] = &[
    "Mei", "Xin", "Ying", "Wai Ling", "Li", "Hui", "Jing", "Yan", "Siu Fong", "Na", "Qian", "Fang",
    "Hiu Tung", "Lan", "Min",
];

pub(super) const CHINESE_MEN: &[&str] = &[
    "Wei", "Jun", "Chi Ming", "Hao", "Ming", "Kin Fai", "Lei", "Tao", "Ho Yin", "Bin", "Jian", "Feng",
    "Wing Kei", "Peng", "Yong",
];

pub(super) const EASTERN_FAMILIES: &[&str] = &[
    "Nowak",
    "Kowalski",
    "Popescu",
    "Wójcik",
    "Kamiński",
    "Ionescu",
    "Lewandowski",
    "Zieliński",
    "Popa",
    "Szymański",
    "Kazlauskas",
    "Horváth",
    "Dimitrov",
    "Novák",
    "Balodis",
    "Ivanova",
    "Petrova",
    "Mazur",
    "Krawczyk",
    "Rusu",
    "Stan",
    "Kovács",
];

pub(super) const EASTERN_WOMEN: &[&str] = &[
    "Anna",
    "Maria",
    "Katarzyna",
    "Agnieszka",
    "Małgorzata",
    "Elena",
    "Ewa",
    "Ioana",
    "Monika",
    "Joanna",
    "Magdalena",
    "Zofia",
    "Andreea",
    "Daria",
    "Zuzanna",
    "Ilona",
    "Petra",
    "Rūta",
];

pub(super) const EASTERN_MEN: &[&str] = &[
    "Piotr",
    "Krzysztof",
    "Andrzej",
    "Tomasz",
    "Jan",
    "Andrei",
    "Paweł",
    "Marcin",
    "Alexandru",
    "Michał",
    "Marek",
    "Ion",
    "Jakub",
    "Łukasz",
    "Mihai",
    "Vasile",
    "Tomáš",
    "Jonas",
];

pub(super) const ARABIC_FAMILIES: &[&str] = &[
    "Hassan", "Ibrahim", "Saleh", "Abdullah", "Khalil", "Haddad", "Mansour", "Nasser", "Yousef", "Al-Amin",
    "Farah", "Osman", "Hamdan", "Said", "Karim", "Aziz", "Darwish", "Suleiman",
];

pub(super) const ARABIC_WOMEN: &[&str] = &[
    "Fatima", "Layla", "Mariam", "Noor", "Huda", "Salma", "Amal", "Rania", "Zahra", "Samira", "Hana",
    "Yasmin", "Nadia", "Dina", "Iman",
];

pub(super) const ARABIC_MEN: &[&str] = &[
    "Mohammed", "Ahmed", "Omar", "Yousef", "Ali", "Khaled", "Hassan", "Mustafa", "Karim", "Samir", "Tariq",
    "Amir", "Bashir", "Ziad", "Nabil",
];
